import { outcomeOfSmtp, type SmtpFailure } from './smtp-outcome';

describe('a mail that failed', () => {
  it.each<[failure: SmtpFailure, outcome: string, isSick: boolean]>([
    [{ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, 'rejected', false],
    [{ code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, 'rejected', false],
    [{ code: 'EMESSAGE', responseCode: 552, command: 'DATA' }, 'rejected', false],
    [{ code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, 'server_error', false],
    [{ code: 'EMESSAGE', responseCode: 421, command: 'DATA' }, 'server_error', true],
    [{ code: 'ESOCKET', command: 'CONN' }, 'connection_lost', true],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, 'timeout', true],
  ])('after it was begun, by %j: %s', (failure, outcome, isSick) => {
    expect(outcomeOfSmtp(failure, true)).toEqual({ outcome, isSick });
  });

  it.each<[failure: SmtpFailure]>([
    [{ code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }],
    [{ code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }],
    [{ code: 'ETLS', command: 'STARTTLS' }],
    [{ code: 'ESOCKET', command: 'CONN' }],
    [{ code: 'EDNS', command: 'CONN' }],
  ])('before it was begun, by %j: the server cannot be reached', (failure) => {
    expect(outcomeOfSmtp(failure, false)).toEqual({ outcome: 'unreachable', isSick: true });
  });
});
