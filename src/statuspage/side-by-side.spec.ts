import { sideBySide } from './side-by-side';

describe('sideBySide', () => {
  it('gives the results in the order of the items, failures among them', async () => {
    const results = await sideBySide([3, 1, 2], 2, async (turns) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      if (turns === 1) throw new Error('one');
      return turns;
    });
    expect(results).toEqual([
      { status: 'fulfilled', value: 3 },
      { status: 'rejected', reason: new Error('one') },
      { status: 'fulfilled', value: 2 },
    ]);
  });

  it('works on as many items at a time as allowed, and no more', async () => {
    let running = 0;
    let most = 0;
    await sideBySide(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    });
    expect(most).toBe(4);
  });

  it('is done at once where there is nothing to do', async () => {
    expect(await sideBySide([], 4, () => Promise.resolve(1))).toEqual([]);
  });
});
