import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The secret that a file holds, readable by its owner alone; `made` where there is none yet, which is kept there. */
export function secretFile(path: string, made: string): string {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, made, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  chmodSync(path, 0o600);
  const known = readFileSync(path, 'utf8').trim();
  if (known !== '') return known;
  // Somebody was stopped between making the file and filling it. An empty secret would be everybody's.
  writeFileSync(path, made);
  return made;
}
