import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port';
import type { PostgresBinaries } from './postgres-binaries';
import { inPostgresSession, queryPostgres } from './postgres-session';
import { ServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';

/**
 * How PostgreSQL is told to stop, by pg_ctl's names: `smart` waits for its clients, `fast` breaks off their
 * transactions, `immediate` stops without a checkpoint, so that the next start recovers.
 */
export type StopMode = keyof typeof STOP_SIGNALS;

// https://www.postgresql.org/docs/current/server-shutdown.html
const STOP_SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

const INIT_LIMIT_MS = 60_000;
const START_LIMIT_MS = 20_000;

/** A PostgreSQL of a test's own, on a free port of 127.0.0.1, with its data in the folder for temporary files. */
export class OwnPostgres {
  private process: ServerProcess | null = null;

  private constructor(
    private readonly binaries: PostgresBinaries,
    private readonly folder: string,
    private readonly port: number,
    /** Of the database `postgres`, as its superuser. The same after every start. */
    readonly url: string,
  ) {}

  /** Makes a data folder and starts a server on it. */
  static async start(binaries: PostgresBinaries): Promise<OwnPostgres> {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const passwordPath = join(folder, 'password');
    const password = randomBytes(12).toString('hex');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordPath, `${password}\n`, { mode: 0o600 });
    const { user } = binaries;
    if (user !== null) for (const path of [folder, data, passwordPath]) chownSync(path, user.uid, user.gid);
    const credentials = ['--username=postgres', '--auth=password', `--pwfile=${passwordPath}`];
    await promisify(execFile)(
      join(binaries.folder, 'initdb'),
      [`--pgdata=${data}`, ...credentials, '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...user, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' }, timeout: INIT_LIMIT_MS },
    );
    const port = await freePort();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = new OwnPostgres(binaries, folder, port, url);
    await server.start();
    return server;
  }

  /** Starts it on the port and data that it had, and waits until it takes connections. */
  async start(): Promise<void> {
    if (this.process?.isRunning === true) return;
    const deadline = Date.now() + START_LIMIT_MS;
    do {
      this.process = ServerProcess.start({
        command: join(this.binaries.folder, 'postgres'),
        args: ['-D', join(this.folder, 'data'), ...this.options()],
        user: this.binaries.user,
        folder: this.folder,
        endSignal: STOP_SIGNALS.immediate,
      });
      if (await this.process.becomesReady(() => answers(this.url), deadline)) return;
      // Once more: for a moment after kill -9, what its backends still hold of the shared memory stops a new server.
    } while (Date.now() < deadline);
    throw new Error(`PostgreSQL did not start: ${this.process.lastWords()}`);
  }

  async stop(mode: StopMode = 'fast'): Promise<void> {
    await this.process?.end(STOP_SIGNALS[mode]);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /**
   * kill -9 of the server and of every process of it. Those that serve its connections would else go on until they
   * find it gone, and may still commit.
   */
  async kill9(): Promise<void> {
    if (this.process?.isRunning !== true) return;
    const sql = 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()';
    const rows = await queryPostgres<{ pid: number }>(this.url, sql);
    const ended = this.process.end('SIGKILL');
    for (const { pid } of rows) kill(pid);
    await ended;
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private options(): string[] {
    const options = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      shared_buffers: '32MB',
      fsync: 'on',
    };
    return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has found the server gone and ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function answers(url: string): Promise<boolean> {
  return inPostgresSession(url, () => Promise.resolve(true)).catch(() => false);
}
