import { SharedLook } from './shared-look';

describe('SharedLook', () => {
  let looks: PromiseWithResolvers<string>[];
  let shared: SharedLook<string>;

  beforeEach(() => {
    looks = [];
    shared = new SharedLook(() => {
      const look = Promise.withResolvers<string>();
      looks.push(look);
      return look.promise;
    }, 1);
  });

  /** The look that is under way, once it is. */
  async function begun(count: number): Promise<PromiseWithResolvers<string>> {
    while (looks.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
    return looks[count - 1]!;
  }

  it('looks once for all who ask before it begins', async () => {
    const asked = Array.from({ length: 10 }, () => shared.begunAfter(performance.now()));
    (await begun(1)).resolve('first');
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 10 }, () => 'first'));
    expect(looks).toHaveLength(1);
  });

  it('tells what is known where that is new enough', async () => {
    const since = performance.now();
    const first = shared.begunAfter(since);
    (await begun(1)).resolve('first');
    await first;
    expect(await shared.begunAfter(since)).toBe('first');
    expect(looks).toHaveLength(1);
  });

  it('looks again for who asks about something newer, also while a look is under way', async () => {
    const first = shared.begunAfter(performance.now());
    const under = await begun(1);
    const second = [shared.begunAfter(performance.now()), shared.begunAfter(performance.now())];
    (await begun(2)).resolve('second');
    expect(await Promise.all(second)).toEqual(['second', 'second']);
    under.resolve('first');
    expect(await first).toBe('first');
    expect(looks).toHaveLength(2);
  });

  it('looks again and again', async () => {
    for (let count = 1; count <= 5; count += 1) {
      const asked = shared.begunAfter(performance.now());
      (await begun(count)).resolve(`look ${count}`);
      expect(await asked).toBe(`look ${count}`);
    }
  });
});
