import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's folder: two levels up, from the sources and from the build alike. */
export const PACKAGE_ROOT = join(__dirname, '..', '..');

const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

/** This version of Signalbox, as package.json says it. */
export const VERSION = version;
