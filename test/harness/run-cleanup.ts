import { sayLoudly } from './test-run';

type Step = () => Promise<void> | void;

const steps: Step[] = [];

/** Has something undone when the run is over, the latest first. */
export function afterRun(step: Step): void {
  steps.unshift(step);
}

/** Undoes all of it. What fails is said, and keeps nothing else from being undone. */
export async function cleanUpAfterRun(): Promise<void> {
  for (const step of steps.splice(0)) await attempt(step);
}

/** Does what the tests do not depend on. */
export async function attempt(step: Step): Promise<void> {
  try {
    await step();
  } catch (error) {
    sayLoudly(`Cleaning up after tests failed: ${String(error)}`);
  }
}
