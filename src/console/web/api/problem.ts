/** One thing that is wrong with a definition (`DefinitionFaultView`). */
export interface Fault {
  readonly field: string | null;
  readonly message: string;
}

/** An error answer of the API, or the lack of any answer. */
export class Problem extends Error {
  constructor(
    /** 0 where there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null,
    /** All that is wrong with a definition, where the answer says so. */
    readonly faults: readonly Fault[] = [],
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** Whether the same request may well succeed a little later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The problem that an error answer tells of, whatever its body is. */
export function problemOf(status: number, body: unknown, requestId: string | null): Problem {
  const { code, message, faults } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  return new Problem(
    status,
    typeof code === 'string' ? code : 'unknown',
    typeof message === 'string' ? message : `The service answered ${status}.`,
    requestId,
    Array.isArray(faults) ? (faults as readonly Fault[]) : [],
  );
}

/** What there is to do about it, for people; null where the message says it all. */
export function adviceOn({ status, code }: Problem): string | null {
  if (status === 0) return 'The service did not answer. The console tries again by itself.';
  if (status === 401) return 'Sign in again.';
  if (status === 403) return 'Ask an administrator of the account for a role that allows it.';
  if (status === 429) return 'Wait a moment, then try again.';
  if (code === 'storage_unavailable')
    return 'The database is away. What was accepted is safe; try again soon.';
  return status >= 500 ? 'Try again. If it stays, give the request id to whoever runs the service.' : null;
}
