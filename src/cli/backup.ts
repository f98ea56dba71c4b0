import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { processEnvironment } from '../config/environment';
import { Settings } from '../config/settings';

const USAGE = `Copies the SQLite database to a new file, also while the service is running.

  npm run backup -- FILE`;

/** Copies the database and checks the copy. */
async function backup(): Promise<number> {
  const [target] = process.argv.slice(2);
  if (target === undefined || target.startsWith('-')) {
    console.log(USAGE);
    return 2;
  }
  process.umask(0o077);
  if (existsSync(target)) throw new Error(`${target} exists: name a file that does not`);
  const source = new Sqlite(Settings.load(processEnvironment()).sqlitePath, {
    readonly: true,
    fileMustExist: true,
  });
  // One snapshot for the whole copy: else SQLite begins it anew whenever the service commits.
  source.exec('BEGIN');
  source.prepare('SELECT name FROM sqlite_schema LIMIT 1').get();
  await source.backup(target);
  source.close();
  const copy = new Sqlite(target);
  // A copy of a database in WAL mode would need its two side files; this makes it one file.
  copy.pragma('journal_mode = DELETE');
  const verdict = copy.pragma('integrity_check', { simple: true });
  const { events } = copy.prepare('SELECT count(*) AS events FROM events').get() as { events: number };
  copy.close();
  if (verdict !== 'ok') throw new Error(`the copy is damaged: ${String(verdict)}`);
  console.log(`${target}: ${events} events, integrity ok`);
  return 0;
}

backup().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  },
);
