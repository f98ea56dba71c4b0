import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Processor, Worker, WorkerOptions } from 'bullmq';
import { Settings } from '../../src/config/settings';
import { QueueMetrics } from '../../src/redis/queue-metrics';
import type { QueueName } from '../../src/redis/queue-names';
import { Queues } from '../../src/redis/queues';
import { RedisConnection } from '../../src/redis/redis-connection';
import { WatchedWorker } from '../../src/redis/watched-worker';
import { MetricsRegistry } from '../../src/telemetry/metrics/metrics-registry';
import { eventually } from '../harness/eventually';
import type { OwnRedis } from '../harness/redis-server';
import { describeWith, startOwnRedis } from '../harness/servers';

const PATIENCE_MS = 400;

/** Its workers stop for good without an error, as BullMQ's have been known to. */
class QueuesWithStuckWorkers extends Queues {
  readonly made: Worker[] = [];

  override work<Data>(
    name: QueueName,
    processor: Processor<Data, void>,
    options: Pick<WorkerOptions, 'concurrency'>,
  ): Worker<Data, void> {
    const worker = super.work(name, processor, options);
    this.made.push(worker);
    void worker.pause(true);
    return worker;
  }
}

let redis: OwnRedis;
let connection: RedisConnection;
let queues: QueuesWithStuckWorkers;
let worker: WatchedWorker<string> | undefined;
let done: string[];
let hasGivenUp: boolean;
let started = 0;

beforeAll(async () => {
  Logger.overrideLogger(false);
  redis = await startOwnRedis();
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await queues.onApplicationShutdown();
  connection.onApplicationShutdown();
});
afterAll(() => redis.remove());

/** A worker that is looked after, on a queue of its own. */
async function start(): Promise<void> {
  const settings = Settings.load({
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    REDIS_URL: redis.url,
    REDIS_PREFIX: `stuck-${++started}`,
    AUTH_SECRET: 'only-for-tests-and-for-nothing-else',
  });
  connection = await RedisConnection.open(settings);
  queues = new QueuesWithStuckWorkers(settings, connection, new QueueMetrics(new MetricsRegistry()));
  done = [];
  hasGivenUp = false;
  worker = new WatchedWorker<string>(
    queues,
    'events',
    (job) => {
      done.push(job.data);
      return Promise.resolve();
    },
    {
      concurrency: 2,
      patienceMs: PATIENCE_MS,
      isHeldUp: () => false,
      giveUp: () => (hasGivenUp = true),
    },
  );
}

const add = (...names: string[]): Promise<unknown> =>
  queues.queue<string>('events').addBulk(names.map((data) => ({ name: 'job', data })));

describeWith({ ownRedis: true }, 'a worker that makes no progress while work is due', () => {
  it('is given up where being made anew does not help, and the jobs stay in Redis', async () => {
    await start();
    await add('a');
    await eventually(() => expect(hasGivenUp).toBe(true));
    expect(queues.made).toHaveLength(2);
    expect(done).toEqual([]);
    expect(await queues.depth('events')).toEqual({ waiting: 1, active: 0 });
  });

  it('is left alone while Redis is away', async () => {
    await start();
    await add('a');
    await redis.stop();
    const made = queues.made.length;
    hasGivenUp = false;
    await sleep(PATIENCE_MS * 3);
    expect(queues.made).toHaveLength(made);
    expect(hasGivenUp).toBe(false);
    await redis.start();
    await eventually(() => expect(hasGivenUp).toBe(true), 20_000);
  });
});
