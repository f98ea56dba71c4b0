import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `check` passes without throwing, and throws its last error where that does not happen in time.
 * The bound is there to end a failing test, and says nothing about how fast anything should be.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}
