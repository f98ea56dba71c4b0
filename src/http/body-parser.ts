import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidJsonError, parseJson } from '../normalization/json-document';
import { ApiError } from './api-error';

/** Route configuration of handlers that need the body's bytes as they came. */
export const RAW_BODY = { isRawBody: true };

/** Route configuration of handlers that parse the body's text themselves, JSON in UTF-8. */
export const TEXT_BODY = { isTextBody: true };

/** Lets Fastify hand raw bytes to the routes that verify signatures, and checked JSON to most others. */
export function installBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseBody(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

function parseBody(request: FastifyRequest, body: Buffer): unknown {
  if (request.headers['content-encoding'] !== undefined) {
    throw new ApiError(415, 'content_encoding_unsupported', 'Send the body without Content-Encoding.');
  }
  const { isRawBody, isTextBody } = request.routeOptions.config as {
    isRawBody?: boolean;
    isTextBody?: boolean;
  };
  if (isRawBody === true) return body;
  if (!isJson(request.headers['content-type'])) {
    throw new ApiError(415, 'unsupported_media_type', 'Send JSON, with Content-Type: application/json.');
  }
  if (!isUtf8(body)) throw new ApiError(400, 'body_not_utf8', 'The body is not valid UTF-8.');
  const text = body.toString('utf8');
  if (isTextBody === true) return text;
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof InvalidJsonError)) throw cause;
    throw new ApiError(400, `body_${cause.fault}`, `The body is ${cause.message}.`, { cause });
  }
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '');
}
