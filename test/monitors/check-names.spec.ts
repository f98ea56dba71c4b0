import type { LookupAddress } from 'node:dns';
import { Names } from '../../src/monitors/check/names';
import { type LookupFault } from '../../src/monitors/check/lookup-fault';
import { Checker } from './check-setup';
import { freePort } from '../harness/free-port';
import { NameServer } from './name-server';
import { TargetServers } from './target-server';

const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };
const never = new AbortController().signal;

let nameServer: NameServer;
let askedOfSystem: string[];
let knownToSystem: readonly LookupAddress[];

/** The operating system, as far as it is asked. */
const system = (hostname: string): Promise<readonly LookupAddress[]> => {
  askedOfSystem.push(hostname);
  if (knownToSystem.length > 0) return Promise.resolve(knownToSystem);
  return Promise.reject(Object.assign(new Error('none'), { code: 'EAI_AGAIN' }));
};

beforeEach(async () => {
  nameServer = await NameServer.start();
  askedOfSystem = [];
  knownToSystem = [];
});

afterEach(() => nameServer.close());

describe('Names', () => {
  let names: Names;

  beforeEach(() => {
    names = new Names({ servers: [nameServer.address], system });
  });

  const codeOf = (hostname: string): Promise<unknown> =>
    names.resolve(hostname, never).catch((error: unknown) => (error as LookupFault).code);

  it('asks the name servers, and the system only for what they do not know', async () => {
    nameServer.serve('api.example', ['127.0.0.1', '127.0.0.2']);
    expect(await names.resolve('api.example', never)).toEqual([
      LOOPBACK,
      { address: '127.0.0.2', family: 4 },
    ]);
    expect(askedOfSystem).toEqual([]);
    knownToSystem = [{ address: '::1', family: 6 }, LOOPBACK];
    expect(await names.resolve('printer', never)).toEqual([LOOPBACK, { address: '::1', family: 6 }]);
    expect(askedOfSystem).toEqual(['printer']);
  });

  it('asks the system alone for this machine, and for what is in its hosts file', async () => {
    knownToSystem = [LOOPBACK];
    for (const name of ['localhost', 'LOCALHOST.', 'app.localhost']) {
      expect(await names.resolve(name, never)).toEqual([LOOPBACK]);
    }
    expect(nameServer.questions).toEqual([]);
  });

  it('finds an address of IPv6 where there is no other', async () => {
    nameServer.serve('six.example', ['2606:4700:0:0:0:0:0:1']);
    expect(await names.resolve('six.example', never)).toEqual([{ address: '2606:4700::1', family: 6 }]);
  });

  it('asks anew each time', async () => {
    nameServer.serve('api.example', ['127.0.0.1'], ['127.0.0.2']);
    await names.resolve('api.example', never);
    expect(await names.resolve('api.example', never)).toEqual([{ address: '127.0.0.2', family: 4 }]);
  });

  it.each([
    ['NXDOMAIN', 'ENOTFOUND', true],
    [[], 'ENODATA', true],
    ['SERVFAIL', 'ESERVFAIL', false],
    ['REFUSED', 'EREFUSED', false],
  ] as const)('tells by its code what %j is', async (answer, code, isAbsent) => {
    nameServer.serve('api.example', answer);
    expect(await codeOf('api.example')).toBe(code);
    expect(askedOfSystem).toEqual(isAbsent ? ['api.example'] : []);
  });

  it('knows a name that cannot be one without asking', async () => {
    expect(await codeOf(`${'a'.repeat(64)}.example`)).toBe('EBADNAME');
    expect(nameServer.questions).toEqual([]);
  });

  it('stops asking with its signal', async () => {
    nameServer.serve('api.example', 'silence');
    const stop = new AbortController();
    const asked = names.resolve('api.example', stop.signal).catch((error: unknown) => error);
    setTimeout(() => stop.abort(), 20);
    expect(await asked).toMatchObject({ code: 'ECANCELLED' });
  });

  it.each([
    ['NXDOMAIN', true],
    [[], true],
    ['SERVFAIL', false],
    ['REFUSED', false],
  ] as const)(
    'takes name servers that answer %j for the root to be answering: %s',
    async (answer, isAnswering) => {
      nameServer.serve('', answer);
      expect(await names.isAnswering(never)).toBe(isAnswering);
    },
  );

  it('takes name servers that are away to be away', async () => {
    names = new Names({ servers: [`127.0.0.1:${await freePort()}`], system });
    expect(await names.isAnswering(never)).toBe(false);
    expect(await codeOf('api.example')).toBe('ECONNREFUSED');
  });
});

describe('a check of a name', () => {
  let targets: TargetServers;
  let checker: Checker;

  beforeEach(() => {
    targets = new TargetServers();
    checker = new Checker({ names: { servers: [nameServer.address], system } });
  });

  afterEach(async () => {
    checker.close();
    await targets.close();
  });

  it('looks it up, and says how long that took', async () => {
    nameServer.serve('api.example', ['127.0.0.1']);
    const url = await targets.http((request, response) => void response.end(request.headers.host));
    const named = url.replace('127.0.0.1', 'api.example');
    const result = await checker.check(named, { expect: { body_contains: 'api.example' } });
    expect(result).toMatchObject({ class: 'up', timings: { dns_ms: expect.any(Number) as number } });
  });

  it('tries the next address where one refuses', async () => {
    const url = await targets.http((_request, response) => void response.end());
    // Nobody listens there: this side of the loopback is the server's alone.
    nameServer.serve('api.example', ['127.0.0.9', '127.0.0.1']);
    expect(await checker.check(url.replace('127.0.0.1', 'api.example'))).toMatchObject({ class: 'up' });
  });

  it('that does not exist is down', async () => {
    expect(await checker.check('http://nobody.example/')).toMatchObject({
      class: 'down',
      reason: 'dns_not_found',
      failed: [{ expectation: 'answer', wanted: 'an answer', seen: 'ENOTFOUND' }],
      timings: { dns_ms: null, connect_ms: null },
    });
  });

  it('whose own servers fail is down while ours answer for others', async () => {
    nameServer.serve('api.example', 'SERVFAIL');
    nameServer.serve('', []);
    const result = await checker.check('http://api.example/');
    expect(result).toMatchObject({ class: 'down', reason: 'dns_failed', failed: [{ seen: 'ESERVFAIL' }] });
  });

  it('is unknown while our name servers fail for everybody', async () => {
    nameServer.serve('api.example', 'SERVFAIL');
    nameServer.serve('', 'SERVFAIL');
    const result = await checker.check('http://api.example/');
    expect(result).toMatchObject({ class: 'unknown', reason: 'dns_failed', failed: [{ seen: 'ESERVFAIL' }] });
  });

  it('is unknown while our name servers are silent', async () => {
    nameServer.serve('api.example', 'silence');
    nameServer.serve('', 'silence');
    const result = await checker.check('http://api.example/', { timeout_ms: 500 });
    expect(result).toMatchObject({ class: 'unknown', timings: { dns_ms: null, connect_ms: null } });
  });

  it('is unknown where we have no name server', async () => {
    const servers = [`127.0.0.1:${await freePort()}`];
    const lost = new Checker({ names: { servers, system } });
    expect(await lost.check('http://api.example/')).toMatchObject({
      class: 'unknown',
      reason: 'dns_failed',
      failed: [{ seen: 'ECONNREFUSED' }],
    });
    lost.close();
  });
});
