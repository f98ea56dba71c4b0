import type { Environment } from './settings';

/** The process's environment: the one place where it is read. */
export function processEnvironment(): Environment {
  return process.env;
}
