import { workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { Answer, Request, Start } from './sqlite-thread.js';

/*
 * The thread that writes, or reads at length (see SqliteThread). Runs one request after the other, and answers each, in their order.
 */

/** A statement that is kept prepared. */
interface Prepared {
  readonly statement: Sqlite.Statement<unknown[], Record<string, unknown>>;
  /** Columns of bytes, which arrive as plain Uint8Array at the other thread. */
  readonly bytes: readonly string[];
}

const MAX_PREPARED = 200;

const { path, pragmas, port } = workerData as Start;
const prepared = new Map<string, Prepared>();

function prepare(sql: string): Prepared {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  const statement = database.prepare<unknown[], Record<string, unknown>>(sql);
  const columns = statement.reader ? statement.columns() : [];
  const bytes = columns.filter(({ type }) => type?.toLowerCase() === 'blob').map(({ name }) => name);
  if (prepared.size === MAX_PREPARED) prepared.delete(prepared.keys().next().value!);
  prepared.set(sql, { statement, bytes });
  return { statement, bytes };
}

/** Why there is no transaction: SQLite did not begin it, or ended it by itself, as it does where the disk is full. */
let fault: unknown = new Error('no transaction is under way');

/** What follows a fault must not be committed alone, and so it fails likewise. */
function run(request: Request): Answer {
  if (request.sql === 'BEGIN') fault = undefined;
  else if (!database.inTransaction) {
    if (request.sql === 'ROLLBACK') return { rows: null, changes: 0, lastId: 0 };
    throw fault;
  }
  try {
    return execute(request);
  } catch (error) {
    fault ??= error;
    throw error;
  }
}

function execute({ sql, parameters }: Request): Answer {
  const { statement, bytes } = prepare(sql);
  if (statement.reader) return { rows: statement.all(parameters), bytes };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { rows: null, changes, lastId: Number(lastInsertRowid) };
}

function answer<T>(work: () => T): void {
  try {
    port.postMessage({ answer: work() });
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    port.postMessage({ fault: { message, code } });
  }
}

function open(): Sqlite.Database {
  const opened = new Sqlite(path, { fileMustExist: true });
  for (const pragma of pragmas) opened.pragma(pragma);
  return opened;
}

let database: Sqlite.Database;
answer(() => {
  database = open();
  return {
    journal_mode: database.pragma('journal_mode', { simple: true }),
    synchronous: database.pragma('synchronous', { simple: true }),
  };
});

port.on('message', (request: Request | 'close') => {
  if (request !== 'close') return answer(() => run(request));
  database.close();
  port.close();
});
