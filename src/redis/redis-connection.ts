import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Settings } from '../config/settings';

/** Redis would throw away what it was given to keep. */
export class RedisPolicyError extends Error {
  constructor(policy: string) {
    super(
      `Redis runs with maxmemory-policy=${policy}, and so may drop events that it was given to keep. ` +
        'Set maxmemory-policy to noeviction.',
    );
    this.name = 'RedisPolicyError';
  }
}

/** So long the start waits for Redis before it goes on without. */
const START_WAIT_MS = 2_000;

/** A command that takes longer counts as failed: its caller has something else to do then. */
const COMMAND_TIMEOUT_MS = 2_000;

const MAX_RECONNECT_MS = 1_000;

/**
 * The connection to Redis, where there is one. Nothing waits for Redis to come back: while it is away every command
 * fails at once, and whoever wanted something does without.
 */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  /** What is wrong with the policy of the Redis that is connected; undefined while that is not known. */
  private policyFault: RedisPolicyError | null | undefined;
  private greeting: Promise<void> = Promise.resolve();
  private isTold = false;

  private constructor(
    private readonly settings: Settings,
    private readonly redis: Redis | null,
  ) {
    redis?.on('ready', () => {
      this.greeting = this.greet();
    });
    redis?.on('close', () => {
      this.policyFault = undefined;
    });
    redis?.on('error', (error: Error) => {
      if (this.isTold) return;
      this.isTold = true;
      this.logger.error({ err: error }, 'Redis is away: doing without until it is back');
    });
  }

  /**
   * Connects, or goes on without where Redis does not answer in time: it is connected to when it does.
   *
   * @throws RedisPolicyError
   */
  static async open(settings: Settings): Promise<RedisConnection> {
    if (settings.REDIS_URL === undefined) return new RedisConnection(settings, null);
    const redis = new Redis(settings.REDIS_URL, {
      ...CONNECTION_OPTIONS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      enableAutoPipelining: true,
    });
    const connection = new RedisConnection(settings, redis);
    await connection.waitForStart();
    return connection;
  }

  /** Whether this profile has a Redis at all. */
  get isConfigured(): boolean {
    return this.redis !== null;
  }

  /** Whether it answers now, as far as is known, and keeps what it is given. */
  get isUsable(): boolean {
    return this.redis?.status === 'ready' && this.policyFault === null;
  }

  /** For commands that are answered at once. They reject while Redis is away. */
  get client(): Redis {
    if (this.redis === null) throw new Error('there is no Redis in this profile');
    return this.redis;
  }

  /** The name of a key, with the prefix that all of this installation's have. */
  key(...parts: readonly string[]): string {
    return [this.settings.REDIS_PREFIX, ...parts].join(':');
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private async waitForStart(): Promise<void> {
    const { client } = this;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, START_WAIT_MS)));
    const ready = new Promise<void>((resolve) => client.once('ready', resolve));
    await Promise.race([ready, timeout]);
    clearTimeout(timer);
    await this.greeting;
    if (!this.policyFault) return;
    client.disconnect();
    throw this.policyFault;
  }

  /** Comes before any use of a new connection: a Redis with the wrong policy that turns up later is not used. */
  private async greet(): Promise<void> {
    try {
      const policy = await this.readPolicy();
      this.policyFault = policy === null || policy === 'noeviction' ? null : new RedisPolicyError(policy);
      if (this.policyFault !== null) this.logger.error(this.policyFault.message);
      else if (this.isTold) this.logger.log('Redis is back');
      this.isTold = false;
    } catch (error) {
      if (this.client.status !== 'ready') return;
      this.logger.warn(
        { err: error },
        "Redis's maxmemory-policy could not be read, and is taken for noeviction",
      );
      this.policyFault = null;
    }
  }

  /** From INFO, which hosted Redis allow where they forbid CONFIG. Null where it does not say. */
  private async readPolicy(): Promise<string | null> {
    const info = await this.client.info('memory');
    return /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? null;
  }
}

const CONNECTION_OPTIONS: RedisOptions = {
  connectTimeout: START_WAIT_MS,
  keepAlive: 10_000,
  retryStrategy: (times) => Math.min(times * 50, MAX_RECONNECT_MS),
};
