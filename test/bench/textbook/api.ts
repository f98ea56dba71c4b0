import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Queue } from 'bullmq';
import { announce } from '../processes/local-server';
import { queueOptions, QUEUE_NAME, readArguments } from './event-queue';
import { EventsController } from './events.controller';

/**
 * The design that textbooks give for taking in events, as a yardstick: Nest on Express checks one event with
 * class-validator, puts one job into BullMQ, and answers 202. It logs no requests.
 */
@Module({
  controllers: [EventsController],
  providers: [{ provide: Queue, useFactory: () => new Queue(QUEUE_NAME, queueOptions(readArguments())) }],
})
class TextbookModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(TextbookModule, { logger: ['error', 'warn'] });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.get(Queue).waitUntilReady();
  await app.listen(0, '127.0.0.1');
  announce((app.getHttpServer().address() as AddressInfo).port);
}

void main();
