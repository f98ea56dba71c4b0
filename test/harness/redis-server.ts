import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port';
import { inRedisSession } from './redis-session';
import { ServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';

/** When Redis forces its log of commands to the disk. */
export type AppendFsync = 'always' | 'everysec';

const START_LIMIT_MS = 20_000;

/**
 * A Redis of a test's own, from the PATH, on a free port of 127.0.0.1, configured as the scaled profile wants it:
 * append-only, never evicting.
 */
export class OwnRedis {
  private process: ServerProcess | null = null;

  private constructor(
    private readonly folder: string,
    /** The same after every start. */
    readonly url: string,
  ) {}

  static async start(appendFsync: AppendFsync = 'everysec'): Promise<OwnRedis> {
    const folder = temporaryFolder();
    const password = randomBytes(12).toString('hex');
    const port = await freePort();
    const settings = {
      bind: '127.0.0.1',
      port: String(port),
      requirepass: password,
      dir: JSON.stringify(folder),
      save: '""',
      appendonly: 'yes',
      appendfsync: appendFsync,
      'maxmemory-policy': 'noeviction',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
    writeFileSync(join(folder, 'redis.conf'), lines.join(''), { mode: 0o600 });
    const server = new OwnRedis(folder, `redis://:${password}@127.0.0.1:${port}`);
    await server.start();
    return server;
  }

  /** Starts it on the port and data that it had, and waits until it has loaded them. */
  async start(): Promise<void> {
    if (this.process?.isRunning === true) return;
    this.process = ServerProcess.start({
      command: 'redis-server',
      args: [join(this.folder, 'redis.conf')],
      user: null,
      folder: this.folder,
      endSignal: 'SIGKILL',
    });
    if (await this.process.becomesReady(() => answers(this.url), Date.now() + START_LIMIT_MS)) return;
    throw new Error(`Redis did not start: ${this.process.lastWords()}`);
  }

  /** Stops it as an operator would: it writes down what it holds first. */
  async stop(): Promise<void> {
    await this.process?.end('SIGTERM');
  }

  async kill9(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** Forgets everything, on the disk too. */
  async flushAll(): Promise<void> {
    await inRedisSession(this.url, (redis) => redis.flushall());
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    await this.kill9();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function answers(url: string): Promise<boolean> {
  return inRedisSession(url, (redis) => redis.ping()).then(
    () => true,
    () => false,
  );
}
