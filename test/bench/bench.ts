import { join, resolve } from 'node:path';
import type { Options } from './options';

/** The package's folder: two levels up, from the sources and from the build alike. */
export const PACKAGE_ROOT = resolve(__dirname, '..', '..');

/** One run of the benchmark. */
export interface Bench extends Pick<Options, 'sizes' | 'isProfiled'> {
  /** For databases and logs; on the disk where the service keeps its database by default. */
  readonly folder: string;
}

/** Where everything that the benchmark writes goes, except for the results. */
export const DATA_FOLDER = join(PACKAGE_ROOT, 'data');

export const PROFILE_FOLDER = join(DATA_FOLDER, 'bench-profiles');
