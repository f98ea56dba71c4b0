import type { JobsOptions, QueueOptions } from 'bullmq';

export const QUEUE_NAME = 'events';

/** What both processes are started with, in this order. */
export interface TextbookArguments {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
}

/** Reads the arguments of this process. */
export function readArguments(): TextbookArguments {
  const [databaseUrl, redisUrl, prefix] = process.argv.slice(2);
  if (databaseUrl === undefined || redisUrl === undefined || prefix === undefined) {
    throw new Error('the textbook needs a database, a Redis and a prefix');
  }
  return { databaseUrl, redisUrl, prefix };
}

/** Where the queue is. */
export function queueOptions({ redisUrl, prefix }: TextbookArguments): QueueOptions {
  return { connection: { url: redisUrl }, prefix };
}

/** As the manual's examples have it: three tries, and Redis is not filled with what is done. */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: 1_000,
};
