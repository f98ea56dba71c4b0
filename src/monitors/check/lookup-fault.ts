import { ExchangeFault } from '../../reliability/failure-reason';

/** Codes by which a name server says that there is no such name, or no address for it (RFC 1035 section 4.1.1). */
const ABSENT = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/** A host's addresses could not be found. */
export class LookupFault extends ExchangeFault {
  /** As c-ares (https://nodejs.org/api/dns.html#error-codes) or getaddrinfo gives it. */
  readonly code: string;

  constructor(cause: unknown) {
    const code = codeOf(cause);
    super('dns', `no address found (${code})`, { cause });
    this.code = code;
  }

  /** Whether somebody answered, and said that there is none. */
  get isAbsent(): boolean {
    return ABSENT.includes(this.code);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
