import { retry, type RetryPolicy } from './retry';

function policy(changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    attempts: 3,
    baseMs: 1,
    maxMs: 1,
    deadlineAt: Date.now() + 60_000,
    isWorthRetry: () => true,
    random: () => 0,
    ...changes,
  };
}

/** Fails as often as there are errors, then resolves. */
function failing(...errors: Error[]): { seen: number[]; action: (attempt: number) => Promise<string> } {
  const seen: number[] = [];
  const action = (attempt: number): Promise<string> => {
    seen.push(attempt);
    const error = errors.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
  return { seen, action };
}

describe('retry', () => {
  it('runs an action once that succeeds', async () => {
    const { seen, action } = failing();
    await expect(retry(action, policy())).resolves.toBe('done');
    expect(seen).toEqual([1]);
  });

  it('repeats a failing action until it succeeds', async () => {
    const { seen, action } = failing(new Error('1st'), new Error('2nd'));
    await expect(retry(action, policy())).resolves.toBe('done');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives up after the last attempt, with its error', async () => {
    const { seen, action } = failing(new Error('1st'), new Error('2nd'), new Error('3rd'), new Error('4th'));
    await expect(retry(action, policy())).rejects.toThrow('3rd');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives up at once on an error that is not worth it', async () => {
    const { seen, action } = failing(new Error('worth it'), new Error('hopeless'), new Error('unseen'));
    const isWorthRetry = (error: unknown): boolean => (error as Error).message === 'worth it';
    await expect(retry(action, policy({ attempts: 9, isWorthRetry }))).rejects.toThrow('hopeless');
    expect(seen).toEqual([1, 2]);
  });

  it('does not wait for an attempt that would start past the deadline', async () => {
    const { seen, action } = failing(new Error('too late'));
    const patient = policy({
      baseMs: 60_000,
      maxMs: 60_000,
      random: () => 0.999,
      deadlineAt: Date.now() + 30_000,
    });
    await expect(retry(action, patient)).rejects.toThrow('too late');
    expect(seen).toEqual([1]);
  });

  it('makes the first attempt even when the deadline has passed', async () => {
    const { seen, action } = failing(new Error('late'));
    await expect(retry(action, policy({ deadlineAt: 0 }))).rejects.toThrow('late');
    expect(seen).toEqual([1]);
  });

  it('stops waiting when it is aborted', async () => {
    const { seen, action } = failing(new Error('1st'));
    const abort = new AbortController();
    const slow = policy({ baseMs: 50_000, maxMs: 50_000, random: () => 0.999, signal: abort.signal });
    const running = retry(action, slow);
    setImmediate(() => abort.abort());
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([1]);
  });
});
