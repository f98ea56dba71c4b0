import { InvalidJsonError, isObject, parseJson } from '../normalization/json-document';
import { UpstreamFailure } from './upstream-failure';

/** A JSON object of the upstream API, handed on as it came. */
export type UpstreamDocument = Readonly<Record<string, unknown>>;

/** Ids that can stand in a path: of users and of events. */
export const UPSTREAM_ID = /^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,127}$/;

/** So many events of one user are read; more of them is taken for a broken document. */
export const MAX_EVENTS_OF_USER = 1_000;

/** The body's JSON. @throws UpstreamFailure where it is none */
export function parseBody(body: Buffer): unknown {
  try {
    // The decoder drops a byte order mark and replaces bytes that are no UTF-8.
    return parseJson(new TextDecoder().decode(body));
  } catch (cause) {
    if (!(cause instanceof InvalidJsonError)) throw cause;
    throw new UpstreamFailure(cause.fault, { cause });
  }
}

/** Answer of `GET /getUsers` and `GET /getEvents`. @throws UpstreamFailure where it is no list of objects */
export function readList(document: unknown): readonly UpstreamDocument[] {
  if (!Array.isArray(document) || !document.every(isObject)) throw new UpstreamFailure('wrong_shape');
  return document;
}

/** Answer of `GET /getUserById/:id`: the ids of the user's events. @throws UpstreamFailure for another shape */
export function readEventIds(document: unknown): readonly string[] {
  const ids: unknown = isObject(document) ? document['events'] : undefined;
  const isReadable = Array.isArray(ids) && ids.length <= MAX_EVENTS_OF_USER && ids.every(isId);
  if (!isReadable) throw new UpstreamFailure('wrong_shape');
  return ids.map(String);
}

/** Answer of `GET /getEventById/:id`. @throws UpstreamFailure where it is no object */
export function readEvent(document: unknown): UpstreamDocument {
  if (!isObject(document)) throw new UpstreamFailure('wrong_shape');
  return document;
}

/** Answer of `POST /addEvent`. */
export interface AdditionAnswer extends UpstreamDocument {
  readonly success: boolean;
}

/** @throws UpstreamFailure where it does not say whether the event was added */
export function readAddition(document: unknown): AdditionAnswer {
  if (!isObject(document) || typeof document['success'] !== 'boolean') {
    throw new UpstreamFailure('wrong_shape');
  }
  return document as AdditionAnswer;
}

/** Some vendors number what others name. */
function isId(id: unknown): id is string | number {
  return typeof id === 'string' || Number.isSafeInteger(id);
}
