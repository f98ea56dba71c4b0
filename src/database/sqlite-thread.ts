import { extname, join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { StorageUnavailableError } from './storage-error';

/** What is opened. */
export interface Opening {
  readonly path: string;
  /** Run on its connection before anything else, as in `journal_mode = WAL`. */
  readonly pragmas: readonly string[];
}

/** What the thread is started with. */
export interface Start extends Opening {
  /** Where requests come from and answers go. */
  readonly port: MessagePort;
}

/** A statement, BEGIN, COMMIT or ROLLBACK; the last does nothing where there is nothing to roll back. */
export interface Request {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What came of it: of a statement that gives rows, those, and which of their columns hold bytes. */
export type Answer =
  | { readonly rows: readonly Record<string, unknown>[]; readonly bytes: readonly string[] }
  | { readonly rows: null; readonly changes: number; readonly lastId: number };

type Reply = { readonly answer: unknown } | { readonly fault: { message: string; code?: string } };

/** PRAGMA synchronous as SQLite reports it: 2 is FULL (https://www.sqlite.org/pragma.html#pragma_synchronous). */
const SYNCHRONOUS_FULL = 2;

/** In this program's own language: compiled, or as it is where tests run the sources. */
const PROGRAM = join(__dirname, `sqlite-writer.m${extname(__filename).slice(1)}`);

/**
 * A connection in a thread of its own, the one that writes or the one for long reads: better-sqlite3 works and waits for
 * the disk without leaving the thread that it is called on, and on the main one nobody would be answered meanwhile. It
 * takes one statement after the other, in the order in which they were given, and none outside of a transaction.
 */
export class SqliteThread {
  /** Those who wait for their answers, in order. */
  private readonly waiting: PromiseWithResolvers<unknown>[] = [];
  private readonly ended: Promise<void>;
  private end: StorageUnavailableError | null = null;

  private constructor(
    worker: Worker,
    private readonly port: MessagePort,
  ) {
    port.on('message', (reply: Reply) => this.take(reply));
    worker.on('error', (cause: unknown) => this.die(cause));
    this.ended = new Promise((resolve) => {
      worker.once('exit', () => {
        port.close();
        this.die(undefined);
        resolve();
      });
    });
  }

  /** Promise 1 rests on two of the pragmas, so they are read back and not believed. */
  static async open(opening: Opening): Promise<SqliteThread> {
    const { port1, port2 } = new MessageChannel();
    const workerData: Start = { ...opening, port: port2 };
    const worker = new Worker(PROGRAM, { workerData, transferList: [port2] });
    try {
      const thread = new SqliteThread(worker, port1);
      assertDurable((await thread.answer()) as Readonly<Record<string, unknown>>);
      return thread;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Whether the thread has ended, with whatever it was doing. */
  get isDead(): boolean {
    return this.end !== null;
  }

  /** @throws whatever SQLite threw, with its code; StorageUnavailableError where the thread has died */
  async run(sql: string, parameters: readonly unknown[] = []): Promise<Answer> {
    if (this.end !== null) throw this.end;
    this.port.postMessage({ sql, parameters } satisfies Request);
    return (await this.answer()) as Answer;
  }

  /**
   * Deals with answers that have come and that the event loop has not got to yet. It gets to them once it has dealt
   * with everything else that came before, and until then the thread would have nothing to do.
   */
  takeAnswers(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return;
      this.take(received.message as Reply);
    }
  }

  /** Resolves once the file is closed. */
  async close(): Promise<void> {
    this.port.postMessage('close');
    await this.ended;
  }

  private answer(): Promise<unknown> {
    const waiter = Promise.withResolvers<unknown>();
    this.waiting.push(waiter);
    return waiter.promise;
  }

  private take(reply: Reply): void {
    const waiter = this.waiting.shift();
    if ('answer' in reply) waiter?.resolve(reply.answer);
    else waiter?.reject(Object.assign(new Error(reply.fault.message), { code: reply.fault.code }));
  }

  private die(cause: unknown): void {
    this.end ??= new StorageUnavailableError('a thread of the database has ended', { cause });
    for (const { reject } of this.waiting.splice(0)) reject(this.end);
  }
}

function assertDurable({ journal_mode, synchronous }: Readonly<Record<string, unknown>>): void {
  if (journal_mode === 'wal' && synchronous === SYNCHRONOUS_FULL) return;
  throw new Error(
    `SQLite did not take journal_mode=WAL and synchronous=FULL ` +
      `(it says ${String(journal_mode)}, ${String(synchronous)}): commits would not be durable here`,
  );
}
