import { AddressRefusedFault } from '../../reliability/address-guard';
import { ExchangeFault } from '../../reliability/failure-reason';
import { faultOf, type Progress } from './check-fault';
import { LookupFault } from './lookup-fault';

const connecting: Progress = { step: 'connect', isSent: false, isRedirected: false };
const sent: Progress = { step: 'answer', isSent: true, isRedirected: false };

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What Node gives where several addresses were tried. */
function tried(...codes: readonly string[]): Error {
  return Object.assign(new AggregateError(codes.map(coded)), { code: codes[0] });
}

function timeout(step: Progress['step']): unknown {
  return faultOf(new ExchangeFault('timeout', 'timeout after 1 ms'), { ...connecting, step });
}

describe('faultOf', () => {
  it.each([
    ['EMFILE', 'local_limit'],
    ['ENFILE', 'local_limit'],
    ['ENOBUFS', 'local_limit'],
    ['ENOMEM', 'local_limit'],
    ['EADDRNOTAVAIL', 'local_limit'],
    ['EACCES', 'local_limit'],
    ['EPERM', 'local_limit'],
    ['ENETUNREACH', 'no_network'],
    ['ENETDOWN', 'no_network'],
  ])('takes %s for ours', (code, reason) => {
    expect(faultOf(coded(code), connecting)).toEqual({ reason, side: 'ours', seen: code });
  });

  it.each([
    ['ECONNREFUSED', 'connect_refused'],
    ['ECONNRESET', 'reset'],
    ['CERT_HAS_EXPIRED', 'tls_expired'],
    ['CERT_NOT_YET_VALID', 'tls_expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_wrong_host'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_untrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_untrusted'],
    ['CERT_REVOKED', 'tls_untrusted'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_failed'],
    ['EPROTO', 'tls_failed'],
    ['Z_DATA_ERROR', 'bad_encoding'],
    ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ])('takes %s for theirs', (code, reason) => {
    expect(faultOf(coded(code), sent)).toEqual({ reason, side: 'theirs', seen: code });
  });

  it.each([
    ['EHOSTUNREACH', 'unreachable'],
    ['ENEVERSEEN', 'unreachable'],
  ])('leaves open whose %s is', (code, reason) => {
    expect(faultOf(coded(code), connecting)).toEqual({ reason, side: 'unclear', seen: code });
  });

  it.each([
    ['dns', 'dns_failed'],
    ['connect', 'connect_timeout'],
    ['tls', 'tls_failed'],
    ['answer', 'answer_timeout'],
  ] as const)('leaves open whose a timeout of the step %s is', (step, reason) => {
    expect(timeout(step)).toEqual({ reason, side: 'unclear', seen: `no end of the step ${step} in time` });
  });

  it.each([
    ['ENOTFOUND', 'dns_not_found', 'unclear'],
    ['ENODATA', 'dns_not_found', 'unclear'],
    ['ESERVFAIL', 'dns_failed', 'unclear'],
    ['ETIMEOUT', 'dns_failed', 'unclear'],
    ['EAI_AGAIN', 'dns_failed', 'unclear'],
    ['ECONNREFUSED', 'dns_failed', 'ours'],
    ['EMFILE', 'dns_failed', 'ours'],
    ['ERR_SYSTEM_ERROR', 'dns_failed', 'ours'],
  ])('knows what %s of a lookup means', (code, reason, side) => {
    expect(faultOf(new LookupFault(coded(code)), connecting)).toEqual({ reason, side, seen: code });
  });

  it.each([
    [['ETIMEDOUT', 'ENETUNREACH'], 'connect_timeout', 'unclear'],
    [['ENETUNREACH', 'ECONNREFUSED'], 'connect_refused', 'theirs'],
    [['ERR_SOCKET_CONNECTION_TIMEOUT', 'ECONNREFUSED'], 'connect_refused', 'theirs'],
    [['ENETUNREACH', 'EHOSTUNREACH'], 'unreachable', 'unclear'],
    [['ENETUNREACH', 'ENETUNREACH'], 'no_network', 'ours'],
    [['EMFILE', 'EMFILE'], 'local_limit', 'ours'],
  ])('judges several addresses by what says most: %j', (codes, reason, side) => {
    expect(faultOf(tried(...codes), connecting)).toMatchObject({ reason, side });
  });

  it('takes an address that is refused for ours, and for theirs where they sent us there', () => {
    const fault = new AddressRefusedFault('private, RFC 1918');
    const expected = { reason: 'address_refused', seen: 'private, RFC 1918' };
    expect(faultOf(fault, connecting)).toEqual({ ...expected, side: 'ours' });
    expect(faultOf(fault, { ...connecting, isRedirected: true })).toEqual({ ...expected, side: 'theirs' });
  });

  it.each([new TypeError('not a function'), coded('UND_ERR_INVALID_ARG'), null, 'text'])(
    'takes a defect for ours: %s',
    (error) => {
      expect(faultOf(error, sent)).toMatchObject({ reason: 'internal_error', side: 'ours' });
    },
  );
});
