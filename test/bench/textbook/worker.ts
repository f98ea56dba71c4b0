import 'reflect-metadata';
import { Worker } from 'bullmq';
import { DataSource } from 'typeorm';
import { announce } from '../processes/local-server';
import type { CreateEventDto } from './create-event.dto';
import { EventEntity, SCHEMA } from './event.entity';
import { queueOptions, QUEUE_NAME, readArguments } from './event-queue';

/** What BullMQ's own example for work that waits for a database says (https://docs.bullmq.io/guide/workers/concurrency). */
const CONCURRENCY = 50;

/** Connections to PostgreSQL: as many as Signalbox has by default, which is also the default of `pg`. */
const POOL_SIZE = 10;

/** Takes one job at a time in each of its slots, and inserts one row for it. */
async function main(): Promise<void> {
  const args = readArguments();
  const dataSource = new DataSource({
    type: 'postgres',
    url: args.databaseUrl,
    entities: [EventEntity],
    poolSize: POOL_SIZE,
  });
  await dataSource.initialize();
  await dataSource.query(SCHEMA);
  const events = dataSource.getRepository(EventEntity);
  const worker = new Worker<CreateEventDto>(
    QUEUE_NAME,
    async ({ data }) => {
      // The unique key makes a second try of a job harmless. `save` would take three statements more.
      await events
        .createQueryBuilder()
        .insert()
        .values({
          account_id: data.account_id,
          event_id: data.event_id,
          user_id: data.user_id,
          type: data.type,
          severity: data.severity ?? 'info',
          timestamp: new Date(data.timestamp),
          metadata: data.metadata ?? null,
        })
        .orIgnore()
        .updateEntity(false)
        .execute();
    },
    { ...queueOptions(args), concurrency: CONCURRENCY },
  );
  worker.on('error', (error) => console.error(error));
  worker.on('failed', (_job, error) => console.error(error));
  await worker.waitUntilReady();
  // It listens nowhere.
  announce(0);
}

void main();
