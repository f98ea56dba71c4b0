import type { Environment } from '../../src/config/settings';

/**
 * What a program of ours that a test starts gets of the environment of the tests: where programs are, and where Node
 * keeps what was compiled before, so that only the first of many starts pays for it.
 */
export function inheritedEnvironment(): Environment {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, NODE_COMPILE_CACHE };
}
