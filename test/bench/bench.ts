import { join, resolve } from 'node:path';
import type { Options } from './options';
import type { ScaledServers } from './processes/scaled-servers';

/** The package's folder: two levels up, from the sources and from the build alike. */
export const PACKAGE_ROOT = resolve(__dirname, '..', '..');

/** One run of the benchmark. */
export interface Bench extends Pick<Options, 'sizes' | 'isProfiled'> {
  /** For databases and logs; on the disk where the service keeps its database by default. */
  readonly folder: string;
  /** What the scaled profile can be measured on; null where there is nothing. */
  readonly servers: ScaledServers | null;
}

/** Where everything that the benchmark writes goes, except for the results. */
export const DATA_FOLDER = join(PACKAGE_ROOT, 'data');

export const PROFILE_FOLDER = join(DATA_FOLDER, 'bench-profiles');
