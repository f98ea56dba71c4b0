import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How a request ended. */
export interface RequestEnd {
  /** Whatever else a listener wants to know of it, such as who sent it. */
  readonly request: FastifyRequest;
  /** Such as `POST`. */
  readonly method: string;
  /** The pattern of its path, such as `/events/:id`; null where there is no such route. */
  readonly route: string | null;
  /** Of the answer that was sent whole; null where none was, as when either side hung up before. */
  readonly status: number | null;
  /** Whether the request had come whole. */
  readonly isWhole: boolean;
  /** From its head to the end of its answer, in milliseconds. */
  readonly durationMs: number;
}

/** Called for every request, so it has to be quick; it must not throw. */
export type RequestListener = (end: RequestEnd) => void;

/** Tells listeners how each request ended, exactly once, probes and refusals included. */
@Injectable()
export class RequestObserver implements OnModuleInit {
  private readonly listeners: RequestListener[] = [];

  constructor(private readonly host: HttpAdapterHost) {}

  /** Adds a listener, for as long as the service runs. */
  observe(listener: RequestListener): void {
    this.listeners.push(listener);
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      const startedAt = performance.now();
      // Node tells of it once for every answer, after it was sent and where it never will be.
      reply.raw.once('close', () => this.tell(request, reply, performance.now() - startedAt));
      done();
    });
  }

  private tell(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
    const end: RequestEnd = {
      request,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.raw.writableFinished ? reply.raw.statusCode : null,
      isWhole: request.raw.complete,
      durationMs,
    };
    for (const listener of this.listeners) listener(end);
  }
}
