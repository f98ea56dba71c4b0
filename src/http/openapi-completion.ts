import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type {
  MediaTypeObject,
  OperationObject,
  ReferenceObject,
  ResponseObject,
  SchemaObject,
} from '@nestjs/swagger';
import { isObject } from '../normalization/json-document';
import { descriptionOf, examplesOf, type Failures } from './api-failure';
import { describeNeed, OF_GUARDED } from './openapi-access';

type Schema = SchemaObject | ReferenceObject;
type Schemas = Readonly<Record<string, Schema>>;

/** Failures that no handler sees or declares, by status. */
type GeneralFailures = Readonly<Record<number, Failures>>;

const OF_ALL: GeneralFailures = {
  400: { malformed_http: 'This is not valid HTTP.' },
  408: { request_timeout: 'The request did not arrive in time.' },
  431: { headers_too_large: 'The headers are longer than 16 KiB.' },
};

const OF_BODIES: GeneralFailures = {
  413: { body_too_large: 'The body is longer than 1 MiB.' },
  415: { content_encoding_unsupported: 'Send the body without Content-Encoding.' },
};

/** What a browser is told that shows a page of another origin; where there are credentials, theirs stands for it. */
const OF_OPEN_CHANGES: GeneralFailures = {
  403: { forbidden: 'The request comes from a page of another origin.' },
};

const OF_JSON_BODIES: GeneralFailures = { 400: { body_not_json: 'The body is not valid JSON.' } };

const OF_THROTTLED: GeneralFailures = {
  429: { too_many_requests: 'Too many requests from this address. See Retry-After.' },
};

const OF_STORED: GeneralFailures = {
  503: {
    storage_unavailable: 'Nothing can be stored or read right now. Try again.',
    timeout: 'This took too long. It may still be done; ask again.',
  },
};

/** Adds to every operation what holds for all of its kind, and to every answer an example. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, OperationObject>)) {
      const isGuarded = describeNeed(operation) !== 'none';
      const kind = { path, method, isGuarded };
      for (const failures of generalFailuresOf(kind, operation)) addFailures(operation, failures);
      addExamples(operation, schemas);
    }
  }
  return document;
}

interface Kind {
  readonly path: string;
  readonly method: string;
  readonly isGuarded: boolean;
}

function generalFailuresOf(
  { path, method, isGuarded }: Kind,
  { tags, requestBody }: OperationObject,
): GeneralFailures[] {
  const is = (tag: string): boolean => tags?.includes(tag) === true;
  const isJson = requestBody !== undefined && !path.startsWith('/ingest/stripe');
  const takesBody = method === 'post' || method === 'patch';
  return [
    OF_ALL,
    ...(takesBody ? [OF_BODIES] : []),
    ...(isJson ? [OF_JSON_BODIES] : []),
    ...(method !== 'get' && !isGuarded ? [OF_OPEN_CHANGES] : []),
    ...(isGuarded ? [OF_GUARDED] : []),
    ...(isGuarded || !is('health') ? [OF_THROTTLED] : []),
    ...(isGuarded || is('ingest') || is('auth') ? [OF_STORED] : []),
  ];
}

function addFailures({ responses }: OperationObject, general: GeneralFailures): void {
  for (const [status, failures] of Object.entries(general)) {
    const known = responses[status] as ResponseObject | undefined;
    const json = known?.content?.['application/json'];
    // Answers in another shape than ours are left as their handler describes them.
    if (known !== undefined && json?.examples === undefined) continue;
    const description = descriptionOf(failures);
    responses[status] = {
      description: known === undefined ? description : `${known.description}, ${description}`,
      content: {
        'application/json': {
          // One that says more than others is described where it is said.
          schema: json?.schema ?? { $ref: '#/components/schemas/ErrorBody' },
          examples: { ...json?.examples, ...examplesOf(Number(status), failures) },
        },
      },
    };
  }
}

function addExamples({ responses, requestBody }: OperationObject, schemas: Schemas): void {
  if (requestBody !== undefined)
    addExample(requestBody as { content?: Record<string, MediaTypeObject> }, schemas);
  for (const [status, response] of Object.entries(responses)) {
    const answer = response as ResponseObject;
    answer.description ||= STATUS_CODES[status] ?? status;
    addExample(answer, schemas);
    const example: unknown = answer.content?.['application/json']?.example;
    if (isObject(example) && 'statusCode' in example) {
      Object.assign(example, { statusCode: Number(status), error: STATUS_CODES[status] });
    }
  }
}

function addExample({ content }: { content?: Record<string, MediaTypeObject> }, schemas: Schemas): void {
  for (const media of Object.values(content ?? {})) {
    if (media.schema === undefined || media.example !== undefined || media.examples !== undefined) continue;
    media.example = exampleOf(media.schema, schemas);
  }
}

/** The example of a schema, put together from those of its parts; undefined where a part has none. */
function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if ('$ref' in schema) return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.example !== undefined) return schema.example as unknown;
  // A schema that is only referred to, with words of its own beside it.
  const [only, ...others] = schema.allOf ?? [];
  if (only !== undefined && others.length === 0) return exampleOf(only, schemas);
  if (schema.items !== undefined) return [exampleOf(schema.items, schemas)];
  if (schema.properties === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(property, schemas)]),
  );
}
