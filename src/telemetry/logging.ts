import type { DestinationStream } from 'pino';
import type { Params } from 'nestjs-pino';
import type { Settings } from '../config/settings';
import { contextFields } from './log-context';

/**
 * Names of fields that never reach the log, should anybody log them. Lines are flat, and looking for the names at
 * every depth costs as much as all the rest of writing a line.
 */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'stripe-signature',
  'routing_key',
  'secret',
  'password',
  'credential',
];

/**
 * Logging as JSON lines. Every line made while a request is handled carries its `request_id`; the line about
 * the request itself is written by the HTTP server, which knows the route. Hence none of nestjs-pino's own
 * middleware, whose context does not survive Fastify's reading of a body either.
 */
export function loggingOptions(settings: Settings, stream?: DestinationStream): Params {
  const options = {
    level: settings.LOG_LEVEL,
    // Else pino-http hands its own rendering of an error to the serializer, instead of the error.
    wrapSerializers: false,
    serializers: { err: describeError },
    // A field that the line brings itself wins.
    mixin: contextFields,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.map((name) => `["${name}"]`), censor: '[redacted]' },
  };
  return { pinoHttp: stream === undefined ? options : [options, stream], forRoutes: [] };
}

/** How deep a chain of causes is followed. */
const MAX_CAUSES = 4;

/**
 * An error for the log: what it is, where it came from, and its causes. Nothing else that hangs on it: a failed
 * query, for one, carries its parameters, and those can be secrets or somebody's data.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  const hasCause = cause !== undefined && depth < MAX_CAUSES;
  return { type: name, message, code, stack, cause: hasCause ? describeError(cause, depth + 1) : undefined };
}
