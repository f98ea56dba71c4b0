import { operationsOf, type ApiDocument, type Operation } from '../api/api-document';
import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { startWithPeople, type PeopleService } from '../people/people-service';
import { exampleBody } from './example-body';
import { MADE_UP, makeThings, type OwnedThings } from './owned-things';

/** Whose things there are, and who comes for them. */
const ACCOUNT = 'acme';
const OTHER = 'other';

/** Needs of routes that say nothing of accounts: whoever has too little is refused, whatever the id. */
const OF_ALL_ACCOUNTS = ['none', 'admin', 'service', 'metrics'];

/** Routes whose ids are not ours to give. */
const OF_OTHERS = ['/api/getEventsByUserId/{id}'];

/** In the place of examples that only an operator of the service may send, or that do not fit what there is. */
const OWN_BODIES: Readonly<Record<string, object>> = {
  'PATCH /maintenance-windows/{id}': { name: 'Moved' },
  'PATCH /accounts/{id}': { name: 'Renamed' },
  'PATCH /accounts/{id}/people/{person_id}': { role: 'operator' },
};

/**
 * What stands in the paths. A route with an id that is not told here fails: add whose id it is, so that the route is
 * tried with another account's.
 */
const IDS: readonly [path: RegExp, parameter: string, idIn: (things: OwnedThings) => string][] = [
  [/^\/monitors\//, 'id', ({ monitor }) => monitor],
  [/^\/maintenance-windows\//, 'id', ({ window }) => window],
  [/^\/destinations\//, 'id', ({ destination }) => destination],
  [/^\/routes\//, 'id', ({ route }) => route],
  [/^\/slos\//, 'id', ({ slo }) => slo],
  [/^\/deliveries\//, 'id', ({ delivery }) => delivery],
  [/^\/dead-letters\//, 'id', ({ delivery }) => `deliveries-${delivery}`],
  [/^\/events\//, 'event_id', ({ event }) => event],
  [/^\/accounts\//, 'key_id', ({ key }) => key],
  [/^\/accounts\//, 'person_id', ({ person }) => person],
  [/^\/accounts\//, 'invitation_id', ({ invitation }) => invitation],
];

interface Route {
  readonly name: string;
  readonly method: string;
  readonly template: string;
  readonly need: string;
  readonly operation: Operation;
}

let people: PeopleService;
let refusing: FakeDestination;
let routes: readonly Route[];
let things: OwnedThings;
/** By name; all of them are OTHER's but `own admin`. */
const tokens: Record<string, string> = {};

beforeAll(async () => {
  refusing = await FakeDestination.start(answer(400));
  people = await startWithPeople({ PAGERDUTY_EVENTS_URL: refusing.url, ALLOW_PRIVATE_TARGETS: 'true' });
  const { join, makeKey, admin } = people;
  things = await makeThings(people, ACCOUNT);
  tokens['own admin'] = (await join(ACCOUNT, 'admin@acme.example', 'admin')).access_token;
  tokens['admin'] = (await join(OTHER, 'admin@other.example', 'admin')).access_token;
  tokens['operator'] = (await join(OTHER, 'operator@other.example', 'operator')).access_token;
  tokens['viewer'] = (await join(OTHER, 'viewer@other.example', 'viewer')).access_token;
  tokens['key'] = (await makeKey(OTHER, ['ingest', 'read'])).key;
  const document = (await admin.get('/docs-json')).body as unknown as ApiDocument;
  routes = [...operationsOf(document)].map(([name, operation]) => {
    const [method = '', template = ''] = name.split(' ');
    const need = String((operation as { 'x-scope'?: unknown })['x-scope']);
    return { name, method, template, need, operation };
  });
});
afterAll(async () => {
  await stopServices();
  await refusing.stop();
});

/** The routes with an id in their path that accounts may use. Deletions last, so that the others find something. */
function routesWithIds(): Route[] {
  const chosen = routes.filter(
    ({ template, need }) =>
      template.includes('{') && !OF_ALL_ACCOUNTS.includes(need) && !OF_OTHERS.includes(template),
  );
  return chosen.sort((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));
}

function pathOf({ name, template }: Route, ids: OwnedThings, account: string): string {
  return template.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    if (template.startsWith('/accounts/') && parameter === 'id') return account;
    const found = IDS.find(([path, known]) => path.test(template) && known === parameter);
    if (found === undefined) throw new Error(`${name}: whose id is ${parameter}?`);
    const [, , idIn] = found;
    return idIn(ids);
  });
}

function send(route: Route, path: string, who: string): Promise<Answer> {
  const body = OWN_BODIES[route.name] ?? exampleBody(route.operation, ACCOUNT);
  return people.as(tokens[who]!).call(route.method, path, { body });
}

/** What is said, whichever id was asked for. */
const saidBy = ({ status, body }: Answer): unknown => ({
  status,
  code: body['code'],
  message: body['message'],
});

const WHO = ['admin', 'operator', 'viewer', 'key'];

describe('another account', () => {
  it.each(WHO)('is closed to who comes as: %s', async (who) => {
    const tried = routesWithIds().filter(({ template }) => template.startsWith('/accounts/'));
    expect(tried.length).toBeGreaterThan(5);
    for (const route of tried) {
      const { status } = await send(route, pathOf(route, things, ACCOUNT), who);
      expect([route.name, status]).toEqual([route.name, 403]);
    }
  });
});

describe('another account’s thing', () => {
  it.each(WHO)(
    'is as good as none for who comes as: %s, on every route with an id in its path',
    async (who) => {
      const tried = routesWithIds().filter(
        (route) => pathOf(route, things, '') !== pathOf(route, MADE_UP, ''),
      );
      expect(tried.length).toBeGreaterThan(15);
      for (const route of tried) {
        const foreign = await send(route, pathOf(route, things, OTHER), who);
        const madeUp = await send(route, pathOf(route, MADE_UP, OTHER), who);
        expect([route.name, saidBy(foreign)]).toEqual([route.name, saidBy(madeUp)]);
        expect([route.name, [403, 404].includes(foreign.status)]).toEqual([route.name, true]);
      }
    },
  );

  it('is not found under another’s account either, where an account is asked for', async () => {
    for (const route of routesWithIds()) {
      const asksForAccount = route.operation.parameters?.some(({ name }) => name === 'account_id') === true;
      if (!asksForAccount) continue;
      const { status } = await send(route, `${pathOf(route, things, OTHER)}?account_id=${ACCOUNT}`, 'admin');
      expect([route.name, status]).toEqual([route.name, 403]);
    }
  });

  it('is on no list', async () => {
    const ids = Object.values(things) as string[];
    const lists = routes.filter(
      ({ method, template, need }) =>
        method === 'GET' &&
        !template.includes('{') &&
        !OF_ALL_ACCOUNTS.includes(need) &&
        // A list without an end; its own spec tells whose events it shows.
        template !== '/events/stream',
    );
    const idsFoundBy = async (who: string): Promise<Set<string>> => {
      const answers = await Promise.all(lists.map((route) => send(route, route.template, who)));
      const text = JSON.stringify(answers.map(({ body }) => body));
      return new Set(ids.filter((id) => text.includes(`"${id}"`) || text.includes(`"id":${id},`)));
    };
    const shown = await idsFoundBy('own admin');
    for (const id of [things.monitor, things.window, things.destination, things.event, things.delivery]) {
      expect(shown).toContain(id);
    }
    for (const who of ['admin', 'key']) expect(await idsFoundBy(who)).toEqual(new Set());
  });

  it('was there all the time, and is its own account’s to see, change and delete', async () => {
    for (const route of routesWithIds()) {
      const { status } = await send(route, pathOf(route, things, ACCOUNT), 'own admin');
      expect([route.name, [200, 201, 204, 409].includes(status)]).toEqual([route.name, true]);
    }
  });
});

describe('something new', () => {
  const NEW: Readonly<Record<string, object>> = {
    '/monitors': { name: 'API', url: 'http://127.0.0.1:9/', paused: true },
    '/maintenance-windows': {
      name: 'Move',
      starts_at: '2096-01-01T00:00:00Z',
      ends_at: '2096-01-02T00:00:00Z',
    },
    '/routes': { name: 'Silence', to: [] },
    '/destinations': { name: 'chat', type: 'slack', settings: { url: 'http://127.0.0.1:9/services/T/B/x' } },
  };

  it.each(Object.entries(NEW))('%s belongs to the account of whoever makes it', async (path, body) => {
    const client = people.as(tokens['admin']!);
    expect(await client.post(path, body)).toMatchObject({ status: 201, body: { account_id: OTHER } });
    const forbidden = { status: 403, body: { code: 'forbidden' } };
    expect(await client.post(path, { ...body, account_id: ACCOUNT })).toMatchObject(forbidden);
    expect(await client.post(path, { ...body, account_id: 'nobody' })).toMatchObject(forbidden);
    for (const who of ['operator', 'viewer', 'key']) {
      expect(await people.as(tokens[who]!).post(path, body)).toMatchObject(forbidden);
    }
  });
});

describe('a heartbeat’s path', () => {
  it('is shown to those who may change it alone', async () => {
    const body = { type: 'heartbeat', name: 'Backup', period_s: 60, account_id: OTHER };
    const { id } = (await people.admin.post('/monitors', body)).body as { id: string };
    const seenBy = async (who: string): Promise<boolean> =>
      'heartbeat_path' in (await people.as(tokens[who]!).get(`/monitors/${id}`)).body;
    expect(await seenBy('admin')).toBe(true);
    for (const who of ['operator', 'viewer', 'key']) expect(await seenBy(who)).toBe(false);
  });
});
