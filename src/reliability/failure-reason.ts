import { errors } from 'undici';

/** Why an exchange brought no response. A closed set: it is a metric's label. */
export type FailureReason =
  | 'timeout'
  | 'refused'
  | 'dns'
  | 'unreachable'
  | 'tls'
  | 'address_refused'
  | 'reset'
  | 'too_large'
  | 'bad_encoding'
  | 'bad_redirect'
  | 'too_many_redirects'
  | 'protocol'
  | 'aborted';

/** Reasons that speak against the peer or the way to it, and may be over in a moment; its breaker counts them. */
export const NETWORK_FAILURES = [
  'timeout',
  'refused',
  'dns',
  'unreachable',
  'tls',
  'reset',
  'protocol',
] as const satisfies readonly FailureReason[];

/** A failure that this side found, or brought about. */
export class ExchangeFault extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ExchangeFault';
  }
}

/** Codes as Node (https://nodejs.org/api/errors.html) and undici (its docs/api/Errors.md) give them. */
const REASONS: readonly (readonly [RegExp, FailureReason])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'dns'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/, 'unreachable'],
  [/^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/, 'reset'],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'protocol'],
  [/^(Z_\w+|ERR__ERROR_\w+|ERR_BROTLI_\w+)$/, 'bad_encoding'],
  [/^(UND_ERR_DESTROYED|UND_ERR_CLOSED)$/, 'aborted'],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, 'tls'],
  // Certificates (https://nodejs.org/api/tls.html#x509-certificate-error-codes).
  [/CERT|^(CRL_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_|PATH_LENGTH_EXCEEDED$)/, 'tls'],
];

/** Codes of calls that were wrong from the start; they are defects here, and not the peer's failures. */
const DEFECT = /^(ERR_INVALID_\w+|ERR_ASSERTION|UND_ERR_INVALID_\w+|UND_ERR_NOT_SUPPORTED)$/;

/**
 * The reason an error of the HTTP stack stands for, or null where the error is a defect in our own code.
 *
 * @param isSent whether the request had been handed to an open connection
 */
export function failureReason(error: unknown, isSent: boolean): FailureReason | null {
  if (error instanceof ExchangeFault) return error.reason;
  // It carries no code.
  if (error instanceof errors.HTTPParserError) return 'protocol';
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || DEFECT.test(code)) return null;
  const known = REASONS.find(([pattern]) => pattern.test(code));
  return known?.[1] ?? (isSent ? 'reset' : 'unreachable');
}
