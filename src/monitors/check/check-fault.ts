import { AddressRefusedFault } from '../../reliability/address-guard';
import { failureReason } from '../../reliability/failure-reason';
import { LookupFault } from './lookup-fault';
import type { Step } from './trace';

/**
 * Why a check got no answer. A closed set, beside the names of expectations: it is the `reason` of results.
 * `own_process_stalled`, `decisions_held`, `headers_unreadable` and `internal_error` are this service's own.
 */
export const FAULT_REASONS = [
  'dns_not_found',
  'dns_failed',
  'connect_refused',
  'connect_timeout',
  'unreachable',
  'tls_expired',
  'tls_wrong_host',
  'tls_untrusted',
  'tls_failed',
  'answer_timeout',
  'reset',
  'protocol',
  'bad_encoding',
  'bad_redirect',
  'too_many_redirects',
  'address_refused',
  'local_limit',
  'no_network',
  'own_process_stalled',
  'decisions_held',
  'headers_unreadable',
  'aborted',
  'internal_error',
] as const;
export type FaultReason = (typeof FAULT_REASONS)[number];

/** Ours: this side could not look. Theirs: something answered, wrongly. Unclear: nothing did, for whatever reason. */
export type Side = 'ours' | 'theirs' | 'unclear';

export interface CheckFault {
  readonly reason: FaultReason;
  readonly side: Side;
  /** What exactly was met, in a word or two: a code of the system, of TLS, of DNS. */
  readonly seen: string;
}

/** How far a check had come when its fault was met. */
export interface Progress {
  readonly step: Step;
  readonly isSent: boolean;
  readonly isRedirected: boolean;
}

/** connect(2), socket(2): this machine has no more descriptors, ports or memory, or forbids it. */
const LOCAL_LIMITS = [
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EACCES',
  'EPERM',
];

/** connect(2): this machine has no way there. A host that is away is EHOSTUNREACH, and may be its own fault. */
const NO_NETWORK = ['ENETUNREACH', 'ENETDOWN', 'EINVAL'];

/** c-ares could not speak to any name server, or to itself (https://nodejs.org/api/dns.html#error-codes). */
const NO_NAME_SERVER = [
  'ECONNREFUSED',
  'EFILE',
  'ENOMEM',
  'EMFILE',
  'ENFILE',
  'ELOADIPHLPAPI',
  'ERR_SYSTEM_ERROR',
  'ENOTINITIALIZED',
];

/** Which fault an error of a check is, and whose. Pure. */
export function faultOf(error: unknown, progress: Progress): CheckFault {
  if (error instanceof AddressRefusedFault) return addressFault(error, progress);
  if (error instanceof LookupFault) return lookupFault(error);
  const codes = codesOf(error);
  const seen = codes.join(', ');
  // Of several addresses that were tried, one that says something about the other side is enough.
  if (isAll(codes, LOCAL_LIMITS)) return { reason: 'local_limit', side: 'ours', seen };
  if (isAll(codes, [...NO_NETWORK, ...LOCAL_LIMITS])) return { reason: 'no_network', side: 'ours', seen };
  return faultOfReason(error, decisive(codes), progress);
}

function faultOfReason(error: unknown, codes: readonly string[], progress: Progress): CheckFault {
  const reason = failureReason(codes.length === 0 ? error : { code: codes[0] }, progress.isSent);
  const seen = codes.join(', ');
  switch (reason) {
    case 'timeout':
      return timeoutFault(progress);
    case 'unreachable':
      return { reason, side: 'unclear', seen };
    case 'dns':
      return { reason: 'dns_failed', side: 'unclear', seen };
    case 'refused':
      return { reason: 'connect_refused', side: 'theirs', seen };
    case 'tls':
      return { reason: tlsReason(codes[0] ?? ''), side: 'theirs', seen };
    case 'reset':
      // A handshake that is cut off is a fault of TLS, as its peer sees it.
      return { reason: progress.step === 'tls' ? 'tls_failed' : reason, side: 'theirs', seen };
    case 'bad_encoding':
    case 'bad_redirect':
    case 'too_many_redirects':
    case 'protocol':
      return { reason, side: 'theirs', seen: seen || messageOf(error) };
    case 'aborted':
      return { reason, side: 'ours', seen: 'stopped' };
    case 'address_refused':
    case 'too_large':
    case null:
      return { reason: 'internal_error', side: 'ours', seen: 'a defect, see the log' };
  }
}

/**
 * The monitor's own URL leads where it must not: nothing was asked, and so nothing is known. A redirect to such a
 * place was answered by the other side, and leads nobody anywhere.
 */
function addressFault({ refusal }: AddressRefusedFault, { isRedirected }: Progress): CheckFault {
  return { reason: 'address_refused', side: isRedirected ? 'theirs' : 'ours', seen: refusal };
}

function lookupFault({ code, isAbsent }: LookupFault): CheckFault {
  if (isAbsent) return { reason: 'dns_not_found', side: 'unclear', seen: code };
  return { reason: 'dns_failed', side: NO_NAME_SERVER.includes(code) ? 'ours' : 'unclear', seen: code };
}

function timeoutFault({ step }: Progress): CheckFault {
  const seen = `no end of the step ${step} in time`;
  if (step === 'dns') return { reason: 'dns_failed', side: 'unclear', seen };
  if (step === 'connect') return { reason: 'connect_timeout', side: 'unclear', seen };
  return { reason: step === 'tls' ? 'tls_failed' : 'answer_timeout', side: 'unclear', seen };
}

/** Codes of OpenSSL's verification (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
function tlsReason(code: string): FaultReason {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'tls_expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') return 'tls_wrong_host';
  return /CERT|^UNABLE_TO_|^INVALID_CA$/.test(code) ? 'tls_untrusted' : 'tls_failed';
}

/** The codes of an error; of each address that was tried where there were several (AggregateError). */
function codesOf(error: unknown): string[] {
  const tried = (error as { errors?: unknown } | null)?.errors;
  const parts: readonly unknown[] = Array.isArray(tried) ? tried : [error];
  const codes = parts.map((part) => (part as { code?: unknown } | null)?.code);
  return codes.filter((code) => typeof code === 'string');
}

function isAll(codes: readonly string[], known: readonly string[]): boolean {
  return codes.length > 0 && codes.every((code) => known.includes(code));
}

/** Those that are about the other side, where there are any; what it did says more than what it did not. */
function decisive(codes: readonly string[]): readonly string[] {
  const theirs = codes.filter((code) => !NO_NETWORK.includes(code) && !LOCAL_LIMITS.includes(code));
  const answered = theirs.filter((code) => code === 'ECONNREFUSED' || code === 'ECONNRESET');
  return answered.length > 0 ? answered : theirs.length > 0 ? theirs : codes;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'nothing';
}
