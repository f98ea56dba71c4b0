import { Turns } from './turns';

const never = new AbortController().signal;

/** Something that has begun and ends when the test says so. */
function begin(
  turns: Turns,
  name: string,
  begun: string[],
  signal = never,
): { end: () => void; done: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = turns.take(() => {
    begun.push(name);
    return promise;
  }, signal);
  return { end: resolve, done };
}

describe('Turns', () => {
  it('lets so many begin, and the others in the order in which they came', async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => begin(turns, name, begun));
    expect(begun).toEqual(['a', 'b']);
    b!.end();
    await b!.done;
    expect(begun).toEqual(['a', 'b', 'c']);
    a!.end();
    await a!.done;
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    for (const running of [c!, d!]) running.end();
    await Promise.all([c!.done, d!.done]);
  });

  it('passes the turn on where one fails', async () => {
    const turns = new Turns(1);
    await expect(turns.take(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
    expect(await turns.take(() => Promise.resolve('next'), never)).toBe('next');
  });

  it('forgets who stops waiting, and lets nobody begin who has stopped before', async () => {
    const turns = new Turns(1);
    const begun: string[] = [];
    const stop = new AbortController();
    const first = begin(turns, 'first', begun);
    const waiting = begin(turns, 'waiting', begun, stop.signal);
    const last = begin(turns, 'last', begun);
    stop.abort(new Error('stopped'));
    await expect(waiting.done).rejects.toThrow('stopped');
    await expect(begin(turns, 'late', begun, stop.signal).done).rejects.toThrow('stopped');
    first.end();
    last.end();
    await Promise.all([first.done, last.done]);
    expect(begun).toEqual(['first', 'last']);
    await turns.take(() => Promise.resolve(), never);
  });
});
