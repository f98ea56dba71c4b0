/** Whose credential a request shows. A person's `session_id` is null where there is none yet. */
export type RequestActor =
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly email: string;
      readonly session_id: string | null;
    }
  | { readonly kind: 'key'; readonly id: string; readonly prefix: string }
  | { readonly kind: 'admin_token' }
  /** Where there are no credentials. */
  | { readonly kind: 'anybody' };

/** Who does something: somebody by a request, or the service by itself. */
export type Actor = RequestActor | { readonly kind: 'system' };

/** From where something comes. */
export interface Origin {
  /** The client's address, as `TRUST_PROXY` lets it be known; null for the service itself. */
  readonly address: string | null;
  readonly request_id: string | null;
}

/** Who changes something, and from where. */
export interface Author extends Origin {
  readonly by: Actor;
}

/** What the service does by itself, in no request. */
export const SYSTEM: Author = { by: { kind: 'system' }, address: null, request_id: null };

/** An actor in one short text, for people. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.email;
    case 'key':
      return actor.prefix;
    case 'admin_token':
    case 'anybody':
    case 'system':
      return actor.kind;
  }
}
