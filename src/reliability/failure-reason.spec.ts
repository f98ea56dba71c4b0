import { ExchangeFault, failureReason } from './failure-reason';

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('failureReason', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ERR_SOCKET_CONNECTION_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['Z_DATA_ERROR', 'bad_encoding'],
    ['ERR__ERROR_FORMAT_CL_SPACE', 'bad_encoding'],
    ['UND_ERR_DESTROYED', 'aborted'],
  ])('takes %s for %s', (code, reason) => {
    expect(failureReason(coded(code), false)).toBe(reason);
  });

  it('takes an unknown code for a broken connection once the request was sent', () => {
    expect(failureReason(coded('ENEVERSEEN'), true)).toBe('reset');
    expect(failureReason(coded('ENEVERSEEN'), false)).toBe('unreachable');
  });

  it('knows the reason of what this side found', () => {
    expect(failureReason(new ExchangeFault('too_large', 'body larger than 1 bytes'), true)).toBe('too_large');
  });

  it.each([
    new TypeError('not a function'),
    coded('UND_ERR_INVALID_ARG'),
    coded('ERR_INVALID_ARG_TYPE'),
    'text',
  ])('leaves a defect of our own alone: %s', (error) => {
    expect(failureReason(error, false)).toBeNull();
  });
});
