import type { FastifyRequest } from 'fastify';

/** What a handler knows of its request and whoever observes requests cannot. */
export interface RequestNotes {
  /** Whose data it is about. */
  readonly accounts?: readonly string[];
  /** Whether the answer was there already or had to be computed. */
  readonly cache?: 'hit' | 'miss';
}

const NOTHING: RequestNotes = {};

const notes = new WeakMap<FastifyRequest, RequestNotes>();

/** Notes something about a request, for those who observe its end (`RequestObserver`). */
export function noteOn(request: FastifyRequest, note: RequestNotes): void {
  notes.set(request, note);
}

/** What was noted. */
export function notesOn(request: FastifyRequest): RequestNotes {
  return notes.get(request) ?? NOTHING;
}
