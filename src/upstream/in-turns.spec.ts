import { setImmediate as pause } from 'node:timers/promises';
import { inTurns } from './in-turns';

describe('inTurns', () => {
  it('gives the results in the order of the items, whichever ends first', async () => {
    const pauses = [3, 1, 2, 0];
    const work = async (count: number): Promise<string> => {
      for (let i = 0; i < count; i += 1) await pause();
      return `paused ${count}`;
    };
    expect(await inTurns(pauses, 4, work)).toEqual(['paused 3', 'paused 1', 'paused 2', 'paused 0']);
  });

  it.each([1, 3, 10, 100])('never runs more than %i at a time, and as many as that', async (limit) => {
    let running = 0;
    let most = 0;
    await inTurns(Array.from({ length: 10 }), limit, async () => {
      most = Math.max(most, ++running);
      await pause();
      running--;
    });
    expect(most).toBe(Math.min(limit, 10));
  });

  it('begins nothing after the first error, and rejects with it', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await pause();
      if (item === 1) throw new Error('one failed');
    };
    await expect(inTurns([0, 1, 2, 3, 4, 5], 2, work)).rejects.toThrow('one failed');
    for (let i = 0; i < 10; i += 1) await pause();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('has nothing to do for nothing', async () => {
    expect(await inTurns([], 5, () => Promise.reject(new Error('never called')))).toEqual([]);
  });
});
