import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { LookupAddress } from 'node:dns';
import {
  AddressRefusedFault,
  anyAddress,
  guardedLookup,
  publicAddress,
  refusalOfHost,
  userTargets,
  type AddressRule,
} from './address-guard';
import { HttpClient, HttpFailure } from './http-client';

describe('the rule for URLs of users', () => {
  it('allows public addresses only, unless the operator allows all', () => {
    expect(userTargets({ ALLOW_PRIVATE_TARGETS: false })).toBe(publicAddress);
    expect(userTargets({ ALLOW_PRIVATE_TARGETS: true })).toBe(anyAddress);
  });
});

describe('refusalOfHost', () => {
  it.each([
    ['http://127.0.0.1/', 'loopback, RFC 1122'],
    ['http://2130706433/', 'loopback, RFC 1122'],
    ['http://0x7f.1/', 'loopback, RFC 1122'],
    ['http://017700000001/', 'loopback, RFC 1122'],
    ['http://127.0.0.1./', 'loopback, RFC 1122'],
    ['http://[::1]/', 'loopback, RFC 4291'],
    ['http://[::ffff:10.0.0.1]/', 'private, RFC 1918'],
    ['http://①②⑦.⓪.⓪.①/', 'loopback, RFC 1122'],
  ])('judges %s by the address that it is', (url, refusal) => {
    expect(refusalOfHost(new URL(url).hostname, publicAddress)).toBe(refusal);
  });

  it('leaves names to the moment in which they are dialled', () => {
    expect(refusalOfHost('localhost', publicAddress)).toBeNull();
  });
});

describe('guardedLookup', () => {
  const found: LookupAddress[] = [
    { address: '10.0.0.1', family: 4 },
    { address: '8.8.8.8', family: 4 },
    { address: '::1', family: 6 },
    { address: '2606:4700::1', family: 6 },
  ];

  function look(rule: AddressRule, addresses: LookupAddress[], all: boolean): Promise<unknown> {
    const lookup = guardedLookup(rule, () => Promise.resolve(addresses));
    return new Promise((resolve) => {
      lookup('name.example', { all }, (error, ...answer) => resolve(error ?? answer));
    });
  }

  it('hands on what is allowed, and nothing else', async () => {
    expect(await look(publicAddress, found, true)).toEqual([[found[1], found[3]]]);
    expect(await look(publicAddress, found, false)).toEqual(['8.8.8.8', 4]);
    expect(await look(anyAddress, found, true)).toEqual([found]);
  });

  it('fails where nothing is allowed, without saying what there is', async () => {
    const error = await look(publicAddress, [found[0]!, found[2]!], true);
    expect(error).toBeInstanceOf(AddressRefusedFault);
    expect((error as Error).message).toBe('address refused (private, RFC 1918)');
    expect(await look(anyAddress, [], true)).toMatchObject({ refusal: 'no address' });
  });

  it('fails as the search for addresses does', async () => {
    const cause = Object.assign(new Error('none'), { code: 'ENOTFOUND' });
    const lookup = guardedLookup(publicAddress, () => Promise.reject(cause));
    const error = await new Promise((resolve) => lookup('name.example', { all: true }, resolve));
    expect(error).toBe(cause);
  });
});

describe('an HttpClient with a rule', () => {
  const servers: Server[] = [];
  let connections = 0;

  async function serve(location?: string): Promise<string> {
    const server = createServer((_request, response) => {
      if (location === undefined) response.end('here');
      else response.writeHead(302, { location }).end();
    });
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The same server by another address, which leads there too and is not the one that the rule allows. */
  const byMappedAddress = (url: string): string => url.replace('127.0.0.1', '[::ffff:127.0.0.1]');

  /** The loopback of IPv4 stands for the public network here; what is special stays special. */
  const rule: AddressRule = (address) => (address === '127.0.0.1' ? null : publicAddress(address));

  let client: HttpClient;

  beforeEach(() => {
    connections = 0;
    client = new HttpClient({ maxConnections: 1, addresses: rule });
  });

  afterEach(async () => {
    await client.close();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  const get = (url: string): Promise<unknown> =>
    client
      .request({ method: 'GET', url, timeoutMs: 5_000, maxBytes: 100, whenLarger: 'fail', maxRedirects: 3 })
      .catch((error: unknown) => error);

  it('reaches what is allowed', async () => {
    expect(await get(await serve())).toMatchObject({ status: 200 });
  });

  it('opens no connection to an address that is refused', async () => {
    const failure = await get(byMappedAddress(await serve()));
    expect(failure).toBeInstanceOf(HttpFailure);
    expect(failure).toMatchObject({ reason: 'address_refused', mayHaveArrived: false });
    expect(connections).toBe(0);
  });

  it('opens no connection to where a redirect leads', async () => {
    const outer = await serve(byMappedAddress(await serve()));
    expect(await get(outer)).toMatchObject({ reason: 'address_refused' });
    expect(connections).toBe(1);
  });

  it('judges a name by what the system finds for it', async () => {
    const port = new URL(await serve()).port;
    expect(await get(`http://localhost:${port}`)).toMatchObject({ status: 200 });
    await client.close();
    client = new HttpClient({ maxConnections: 1, addresses: publicAddress });
    expect(await get(`http://localhost:${port}`)).toMatchObject({ reason: 'address_refused' });
    expect(connections).toBe(1);
  });
});
