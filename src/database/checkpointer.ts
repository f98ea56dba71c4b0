import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';

/** Often enough that little is left for the writer to do. */
const EVERY_MS = 100;

/**
 * Runs in the worker. Plain JavaScript in a string, because a worker has no loader for the sources' language when
 * tests run them directly.
 */
const CHECKPOINT_FOR_EVER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const Sqlite = require(workerData.driver);
  const database = new Sqlite(workerData.path, { fileMustExist: true, timeout: 0 });
  const timer = setInterval(() => database.pragma('wal_checkpoint(PASSIVE)'), workerData.everyMs);
  parentPort.once('message', () => {
    clearInterval(timer);
    database.close();
    parentPort.close();
  });
`;

/**
 * Moves what was committed from SQLite's log into the database file, in a thread of its own. Left to the connection
 * that writes, this would stop the event loop for tens of milliseconds whenever the log is full. A passive
 * checkpoint waits for nobody and nobody waits for it; the writer's own `wal_autocheckpoint` finishes the little that
 * is left, and starts the log anew. Were this thread to die, the writer would do all of it, and only be slower.
 */
export class Checkpointer {
  private readonly worker: Worker;
  private readonly ended: Promise<void>;

  constructor(path: string) {
    const workerData = { path, driver: require.resolve('better-sqlite3'), everyMs: EVERY_MS };
    this.worker = new Worker(CHECKPOINT_FOR_EVER, { eval: true, workerData });
    this.worker.unref();
    this.worker.on('error', (error: unknown) => {
      new Logger('Database').warn(
        { err: error },
        'checkpoints run on the main thread from now on: latency may suffer',
      );
    });
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
  }

  /** Resolves once the thread has closed the file. */
  async stop(): Promise<void> {
    this.worker.ref();
    this.worker.postMessage('stop');
    await this.ended;
  }
}
