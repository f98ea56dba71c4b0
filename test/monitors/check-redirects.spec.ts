import { publicAddress, type AddressRule } from '../../src/reliability/address-guard';
import { Checker } from './check-setup';
import { NameServer } from './name-server';
import { TargetServers } from './target-server';

/** The loopback of IPv4 stands for the public network here; what is special stays special. */
const rule: AddressRule = (address) => (address === '127.0.0.1' ? null : publicAddress(address));

let nameServer: NameServer;
let targets: TargetServers;
let checker: Checker;

beforeEach(async () => {
  nameServer = await NameServer.start();
  targets = new TargetServers();
  checker = new Checker({ addresses: rule, names: { servers: [nameServer.address] } });
});

afterEach(async () => {
  checker.close();
  await targets.close();
  await nameServer.close();
});

const redirectTo = (location: string, status = 302): Promise<string> =>
  targets.http((_request, response) => void response.writeHead(status, { location }).end());

/** A server that keeps what it receives. */
async function listening(): Promise<{ url: string; received: object[] }> {
  const received: object[] = [];
  const url = await targets.http((request, response) => {
    const { method, headers } = request;
    void request.toArray().then((chunks: Buffer[]) => {
      const { host, connection, accept, ...rest } = headers;
      received.push({ method, headers: rest, body: Buffer.concat(chunks).toString() });
      response.end([host, connection, accept].join());
    });
  });
  return { url, received };
}

describe('a redirect', () => {
  it('is followed up to five times', async () => {
    const url = await targets.http((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await checker.check(`${url}/5`, { expect: { body_contains: 'arrived' } })).toMatchObject({
      class: 'up',
    });
    expect(await checker.check(`${url}/6`)).toMatchObject({ class: 'down', reason: 'too_many_redirects' });
  });

  it('that is expected is the answer', async () => {
    const url = await redirectTo('http://nowhere.example/', 301);
    const wishes = { status: ['301'], headers: { location: 'http://nowhere.example/' } };
    expect(await checker.check(url, { expect: wishes })).toMatchObject({ class: 'up', http_status: 301 });
    expect(nameServer.questions).toEqual([]);
  });

  it.each(['ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/', 'http://[', 'data:,ok'])(
    'to %s is down',
    async (location) => {
      expect(await checker.check(await redirectTo(location))).toMatchObject({
        class: 'down',
        reason: 'bad_redirect',
      });
    },
  );

  it('to another origin takes along neither secrets nor a body', async () => {
    const { url, received } = await listening();
    const headers = { 'X-Api-Key': 'k', Cookie: 'c=1', 'User-Agent': 'probe', Accept: '*/*' };
    await checker.check(await redirectTo(url), { headers });
    const harmless = { 'accept-encoding': 'gzip', 'user-agent': 'probe' };
    expect(received).toEqual([{ method: 'GET', headers: harmless, body: '' }]);
    const post = { method: 'POST', body: 'secret', headers };
    expect(await checker.check(await redirectTo(url, 307), post)).toMatchObject({
      class: 'down',
      reason: 'bad_redirect',
    });
    expect(received).toHaveLength(1);
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [302, 'PUT', 'PUT', 'text'],
    [307, 'POST', 'POST', 'text'],
    [308, 'POST', 'POST', 'text'],
  ])('with %d of a %s makes a %s', async (status, method, made, body) => {
    const seen: unknown[] = [];
    const url = await targets.http((request, response) => {
      if (request.url === '/') {
        response.writeHead(status, { location: '/there' }).end();
        return;
      }
      void request.toArray().then((chunks: Buffer[]) => {
        seen.push([request.method, request.headers['x-api-key'], Buffer.concat(chunks).toString()]);
        response.end();
      });
    });
    await checker.check(url, { method, body: 'text', headers: { 'X-Api-Key': 'k' } });
    expect(seen).toEqual([[made, 'k', body]]);
  });
});

describe('an address that must not be dialled', () => {
  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'link-local, RFC 3927'],
    ['http://10.0.0.1/', 'private, RFC 1918'],
    ['http://0x0a000001/', 'private, RFC 1918'],
    ['http://[fd00:ec2::254]/', 'unique local, RFC 4193'],
    ['http://[::ffff:169.254.169.254]/', 'link-local, RFC 3927'],
    ['http://0/', 'this network, RFC 791'],
  ])('is refused as a URL: %s', async (url, seen) => {
    expect(await checker.check(url)).toMatchObject({
      class: 'unknown',
      reason: 'address_refused',
      failed: [{ expectation: 'answer', wanted: 'an answer', seen }],
    });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://192.168.0.1/',
    'http://[::1]/',
    'https://[64:ff9b::a00:1]/',
    'http://metadata.example/',
  ])('is refused where a redirect leads to %s, which is the fault of who sent it', async (location) => {
    nameServer.serve('metadata.example', ['169.254.169.254']);
    expect(await checker.check(await redirectTo(location))).toMatchObject({
      class: 'down',
      reason: 'address_refused',
    });
  });

  it('gets no connection', async () => {
    const { url, received } = await listening();
    const mapped = url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    expect(await checker.check(await redirectTo(mapped))).toMatchObject({
      class: 'down',
      reason: 'address_refused',
    });
    expect(received).toEqual([]);
    expect(targets.connections).toBe(1);
  });

  it('is refused the moment a name comes to mean it', async () => {
    const { url, received } = await listening();
    const { port } = new URL(url);
    nameServer.serve('rebound.example', ['127.0.0.1'], ['10.0.0.1']);
    const rebound = `http://rebound.example:${port}/`;
    expect(await checker.check(rebound)).toMatchObject({ class: 'up' });
    // One question, whose answer was judged and dialled: there is no second answer to fall for.
    expect(nameServer.questions.filter(({ type }) => type === 'A')).toHaveLength(1);
    expect(await checker.check(rebound)).toMatchObject({ class: 'unknown', reason: 'address_refused' });
    expect(received).toHaveLength(1);
  });

  it('is left out where a name has others too', async () => {
    const { url } = await listening();
    nameServer.serve('mixed.example', ['10.0.0.1', '127.0.0.1', '169.254.169.254']);
    const result = await checker.check(url.replace('127.0.0.1', 'mixed.example'));
    expect(result).toMatchObject({ class: 'up' });
  });
});
