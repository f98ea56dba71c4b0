import { makeApiKey } from '../../src/accounts/api-key';
import { ApiKeyEntity } from '../../src/accounts/api-key.entity';
import { Database } from '../../src/database/database';
import { operationsOf, type ApiDocument, type Operation } from '../api/api-document';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { SignJWT } from 'jose';
import { AuthSecret } from '../../src/accounts/auth-secret';
import { exampleBody } from './example-body';
import { startWithPeople, type PeopleService, type Tokens } from '../people/people-service';

/** The account that requests are about, and one that is nobody's business there. */
const ACCOUNT = 'acme';
const OTHER = 'other';

interface Target {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly need: string;
  readonly body: unknown;
  /** Whether the request says of which account it is. */
  readonly namesAccount: boolean;
  readonly operation: Operation;
}

let guarded: PeopleService;
let targets: readonly Target[];
const tokens: Record<string, string | null> = {};

beforeAll(async () => {
  // Each request says where it comes from, or one address would soon have failed too often.
  guarded = await startWithPeople({ TRUST_PROXY: 'true' });
  const { admin, makeKey } = guarded;
  const document = (await admin.get('/docs-json')).body as unknown as ApiDocument;
  targets = [...operationsOf(document)].map(([name, operation]) => targetOf(name, operation));
  const expired = makeApiKey();
  const revoked = await makeKey(ACCOUNT, ['ingest', 'read']);
  await admin.delete(`/accounts/${ACCOUNT}/keys/${revoked.id}`);
  await guarded.service.app.get(Database).write((tx) =>
    tx.insert(ApiKeyEntity, {
      id: 'expired',
      account_id: ACCOUNT,
      prefix: expired.prefix,
      hash: expired.hash,
      scopes: ['ingest', 'read'],
      created_at: 0,
      expires_at: 1,
    }),
  );
  Object.assign(tokens, {
    none: null,
    wrong: `${(await makeKey(ACCOUNT, ['read'])).key.slice(0, -2)}__`,
    'of nobody': `sbx_aaaaaaaa_${'a'.repeat(43)}`,
    'no key at all': 'open-sesame',
    expired: expired.key,
    revoked: revoked.key,
    'of another account': (await makeKey(OTHER, ['ingest', 'read'])).key,
    ingest: (await makeKey(ACCOUNT, ['ingest'])).key,
    read: (await makeKey(ACCOUNT, ['read'])).key,
    admin: (await makeKey(OTHER, ['admin'])).key,
  });
  await addPeople();
});
afterAll(stopServices);

/** People of all roles, and what of theirs must open nothing. */
async function addPeople(): Promise<void> {
  const { join, nobody, admin } = guarded;
  const person = (account: string, role: string): Promise<Tokens> =>
    join(account, `${role}@${account}.example`, role);
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    tokens[`person ${role}`] = (await person(ACCOUNT, role)).access_token;
  }
  tokens['person of another account'] = (await person(OTHER, 'admin')).access_token;
  const gone = await join(ACCOUNT, 'gone@acme.example', 'admin');
  await nobody.post('/auth/logout', { refresh_token: gone.refresh_token });
  const removed = await join(ACCOUNT, 'removed@acme.example', 'admin');
  await admin.delete(`/accounts/${ACCOUNT}/people/${removed.person.id}`);
  const viewer = String(tokens['person viewer']);
  const claims = JSON.parse(Buffer.from(viewer.split('.')[1]!, 'base64url').toString()) as object;
  const sign = (exp: string, key: Uint8Array): Promise<string> =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setExpirationTime(exp)
      .sign(key);
  const key = guarded.service.app.get(AuthSecret).keyFor('access tokens');
  Object.assign(tokens, {
    'person who has logged out': gone.access_token,
    'person who was removed': removed.access_token,
    'person expired': await sign('-1 s', key),
    'person signed by another': await sign('1 h', new Uint8Array(32)),
    'person altered': viewer.replace(
      /\.[\w-]+\./,
      `.${Buffer.from(JSON.stringify({ ...claims, account_id: OTHER })).toString('base64url')}.`,
    ),
    'refresh token': gone.refresh_token,
  });
}

function targetOf(name: string, operation: Operation): Target {
  const [method = '', template = ''] = name.split(' ');
  const isAccount = (part: string): boolean => part === 'account_id' || template.startsWith('/accounts');
  const path = template.replace(/\{(\w+)\}/g, (_, part: string) => {
    if (part !== 'id' && part.endsWith('_id') && !['account_id', 'event_id'].includes(part))
      return '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11';
    if (/^\/(monitors|maintenance-windows)\//.test(template)) return 'k3hq9zbtmxo0cv5u';
    return isAccount(part) ? ACCOUNT : '1';
  });
  const required = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required === true);
  const hasQuery = operation.parameters?.some(({ name: parameter }) => parameter === 'account_id') === true;
  const isInPath = path.includes(ACCOUNT);
  const body = exampleBody(operation, ACCOUNT);
  const query = [
    ...(hasQuery && !isInPath ? [`account_id=${ACCOUNT}`] : []),
    ...required.map((parameter) => `${parameter.name}=${String(parameter.schema.example)}`),
  ];
  const isInBody = JSON.stringify(body ?? null).includes(`"account_id":"${ACCOUNT}"`);
  return {
    name,
    method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    need: String((operation as { 'x-scope'?: unknown })['x-scope']),
    body,
    namesAccount: hasQuery || isInPath || isInBody,
    operation,
  };
}

let requests = 0;

/** Each from an address of its own. */
function send({ method, path, body }: Target, token: string | null): Promise<Answer> {
  requests++;
  const address = `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
  const client = token === null ? guarded.nobody : guarded.as(token);
  // A stream that lets somebody in has no end: behind the guard this is refused.
  const stream: Record<string, string> = path.startsWith('/events/stream') ? { 'last-event-id': 'none' } : {};
  return client.call(method, path, { body, headers: { 'x-forwarded-for': address, ...stream } });
}

/** What is said, and by which code, without the id of the request. */
function refusalOf({ status, body, headers }: Answer): unknown {
  const { code, message } = body ?? {};
  return { status, code, message, challenge: headers.get('www-authenticate') };
}

const UNAUTHENTICATED = {
  status: 401,
  code: 'unauthenticated',
  message: 'Send a valid credential: Authorization: Bearer <key>.',
  challenge: 'Bearer',
};
const FORBIDDEN = {
  status: 403,
  code: 'forbidden',
  message: 'This credential does not allow that.',
  challenge: null,
};

/** What everybody who comes with a credential should be answered by every operation that is chosen. */
async function answersOf(
  credential: string,
  choose: (target: Target) => boolean = () => true,
): Promise<Record<string, unknown>> {
  const chosen = targets.filter(choose);
  expect(chosen.length).toBeGreaterThan(0);
  const answers = chosen.map(async (target) => {
    return [target.name, refusalOf(await send(target, tokens[credential] ?? null))] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

const all = (answers: Record<string, unknown>, expected: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.keys(answers).map((name) => [name, expected]));

const isGuarded = ({ need }: Target): boolean => need !== 'none';

/** The operations among those that are chosen that do not let somebody in. */
async function refusing(credential: string, choose: (target: Target) => boolean): Promise<string[]> {
  const answers = Object.entries(await answersOf(credential, choose));
  // Some look at a password or a token of their own, and say so.
  const isRefusal = ({ status, code }: { status: number; code?: string }): boolean =>
    [401, 403, 429].includes(status) &&
    !['login_failed', 'session_over', 'oidc_refused'].includes(code ?? '');
  return answers
    .filter(([, answer]) => isRefusal(answer as { status: number; code?: string }))
    .map(([name]) => name);
}

describe('every operation of the OpenAPI document', () => {
  it('says what it needs, and what it answers to those who lack it', () => {
    expect(targets.length).toBeGreaterThan(20);
    for (const { name, need, operation } of targets) {
      expect([name, need]).toEqual([
        name,
        expect.stringMatching(/^(none|ingest|read|operate|manage|person|admin|metrics|service)$/),
      ]);
      const { security, responses, description } = operation as Operation & {
        readonly security?: unknown;
        readonly description?: string;
      };
      expect([name, description]).toEqual([name, expect.stringContaining('Needs ')]);
      expect([name, security]).toEqual([name, need === 'none' ? [] : [{ bearer: [] }]]);
      const { examples = {} } = responses['401']?.content?.['application/json'] ?? {};
      expect([name, 'unauthenticated' in examples]).toEqual([name, need !== 'none']);
      if (need !== 'none') expect([name, '403' in responses]).toEqual([name, true]);
    }
  });

  it.each([
    'none',
    'wrong',
    'of nobody',
    'no key at all',
    'expired',
    'revoked',
    'person who has logged out',
    'person who was removed',
    'person expired',
    'person signed by another',
    'person altered',
    'refresh token',
  ])('lets nobody in with a credential that is: %s, and answers the same to all', async (credential) => {
    const answers = await answersOf(credential, isGuarded);
    expect(answers).toEqual(all(answers, UNAUTHENTICATED));
  });

  it.each(['of another account', 'person of another account'])(
    'lets nobody in who is: %s',
    async (credential) => {
      const answers = await answersOf(credential, (target) => isGuarded(target) && target.namesAccount);
      expect(answers).toEqual(all(answers, FORBIDDEN));
    },
  );

  it('lets nobody in whose role is too weak', async () => {
    const ofViewer = ['none', 'read', 'person'];
    const forViewer = await answersOf('person viewer', ({ need }) => !ofViewer.includes(need));
    expect(forViewer).toEqual(all(forViewer, FORBIDDEN));
    const ofOperator = [...ofViewer, 'ingest', 'operate'];
    const forOperator = await answersOf('person operator', ({ need }) => !ofOperator.includes(need));
    expect(forOperator).toEqual(all(forOperator, FORBIDDEN));
    const ofAdmin = [...ofOperator, 'manage'];
    const forAdmin = await answersOf('person admin', ({ need }) => !ofAdmin.includes(need));
    expect(forAdmin).toEqual(all(forAdmin, FORBIDDEN));
  });

  it('lets people in whose role is enough', async () => {
    const needs =
      (...known: string[]) =>
      ({ need }: Target): boolean =>
        known.includes(need);
    expect(await refusing('person viewer', needs('read', 'person'))).toEqual([]);
    expect(await refusing('person operator', needs('read', 'person', 'ingest', 'operate'))).toEqual([]);
    // Its example asks for other limits, which are not the account's own to change.
    const ownLimits = (name: string): boolean => name !== 'PATCH /accounts/{id}';
    // Its example names an operator of the whole service.
    const operator = (name: string): boolean => name !== 'PATCH /accounts/{id}/people/{person_id}';
    const refused = await refusing('person admin', needs('read', 'person', 'ingest', 'operate', 'manage'));
    expect(refused.filter(ownLimits).filter(operator)).toEqual([]);
  });

  it('lets nobody in whose key has too weak a scope', async () => {
    const forIngest = await answersOf('ingest', ({ need }) => !['none', 'ingest'].includes(need));
    expect(forIngest).toEqual(all(forIngest, FORBIDDEN));
    const forRead = await answersOf('read', ({ need }) => !['none', 'read'].includes(need));
    expect(forRead).toEqual(all(forRead, FORBIDDEN));
  });

  it('lets in who has what it needs', async () => {
    expect(await refusing('ingest', ({ need }) => need === 'ingest')).toEqual([]);
    expect(await refusing('read', ({ need }) => need === 'read')).toEqual([]);
    expect(await refusing('admin', ({ method }) => method !== 'DELETE')).toEqual([]);
    expect(await refusing('admin', ({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('that needs nothing lets everybody in', async () => {
    const open = ({ need }: Target): boolean => need === 'none';
    for (const credential of ['none', 'wrong', 'expired', 'read']) {
      expect(await refusing(credential, open)).toEqual([]);
    }
    expect(targets.filter(open).map(({ name }) => name)).toEqual([
      'POST /auth/login',
      'POST /auth/accept',
      'POST /auth/refresh',
      'POST /auth/logout',
      'GET /auth/oidc',
      'GET /auth/oidc/callback',
      'POST /ingest/stripe',
      'POST /ingest/stripe/{account_id}',
      'POST /heartbeats/{token}',
      'GET /heartbeats/{token}',
      'POST /heartbeats/{token}/start',
      'GET /heartbeats/{token}/start',
      'POST /heartbeats/{token}/fail',
      'GET /heartbeats/{token}/fail',
      'GET /status/{slug}',
      'GET /status/{slug}/status.json',
      'GET /status/{slug}/feed.rss',
      'GET /status/{slug}/badge.svg',
      'GET /healthz',
      'GET /readyz',
    ]);
  });
});
