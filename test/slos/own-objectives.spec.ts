import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SloAlerts } from '../../src/slos/alerting/slo-alerts';
import { Counting } from '../../src/slos/counting/counting';
import { OwnObjectivesReader } from '../../src/slos/objectives/own-objectives-reader';
import type { GuardedClient } from '../accounts/guarded-service';
import { change } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { stopServices } from '../harness/service';
import type { Answer } from '../harness/service-client';
import { temporaryFolder } from '../harness/temporary-folder';
import { startWithPeople, type PeopleService } from '../people/people-service';
import { storeCounts } from './shown-slos';

const FILE = `
objectives:
  - { id: error-rate, account: acme, objective: 0.99 }
`;

const CHECKOUT = {
  id: 'checkout',
  name: 'Our posts are answered',
  kind: 'availability',
  routes: ['POST /events'],
  objective: 0.99,
  window: '24h',
};

let people: PeopleService;
let acme: GuardedClient;
let acmeKey: GuardedClient;

beforeAll(async () => {
  const file = join(temporaryFolder(), 'slos.yaml');
  writeFileSync(file, FILE);
  people = await startWithPeople({ SLOS_FILE: file });
  acme = people.asPerson(await people.join('acme', 'admin@acme.example', 'admin'));
  acmeKey = people.as((await people.makeKey('acme', ['ingest', 'read'])).key);
});
afterAll(stopServices);

const put = (client: GuardedClient, objectives: unknown, more: object = {}): Promise<Answer> =>
  client.call('PUT', '/objectives', { body: { objectives, ...more } });

const idsOf = async (client: GuardedClient): Promise<string[]> => {
  const { body } = await client.get('/slos?limit=500');
  return (body['slos'] as { id: string }[]).map(({ id }) => id);
};

describe('objectives that an account sets for itself', () => {
  it('are kept with what an entry leaves to the default, and stand beside those of the file', async () => {
    expect((await acme.get('/objectives')).body).toEqual({
      ...{ account_id: 'acme', version: 0, objectives: [], warnings: [] },
    });
    const { status, body } = await put(acme, [{ id: 'events-latency-p95', below_ms: 150 }, CHECKOUT]);
    expect([status, body['version'], body['warnings']]).toEqual([200, 1, []]);
    expect(body['objectives']).toEqual([
      {
        ...{
          id: 'events-latency-p95',
          name: 'POST /events is quick (p95)',
          kind: 'latency',
          objective: 0.95,
        },
        ...{ window: '7d', routes: ['POST /events'], cache: null, below_ms: 150 },
      },
      CHECKOUT,
    ]);
    expect((await acmeKey.get('/objectives')).body).toEqual(body);
    expect(await idsOf(acme)).toEqual(['checkout', 'error-rate', 'events-latency-p95']);
  });

  it('are judged by what is counted from then on, and tell their account', async () => {
    const event = {
      ...{ account_id: 'acme', user_id: 'u', type: 'login' },
      timestamp: new Date().toISOString(),
    };
    expect((await acmeKey.post('/events', event)).status).toBeLessThan(300);
    await eventually(async () => {
      await storeCounts(people.service);
      const { body } = await acme.get('/slos/checkout');
      expect(body).toMatchObject({ state: 'ok', sli: 1, account_id: 'acme', objective: 0.99 });
    });
    const { app } = people.service;
    app.get(Counting).count({ series: 'http POST /events', account_id: 'acme' }, 'bad', 5, 9);
    await storeCounts(people.service);
    await app.get(SloAlerts).judge();
    const { body } = await acmeKey.get('/events?source=slo&limit=100');
    const ids = (body['events'] as { event_id: string }[]).map(({ event_id }) => event_id);
    expect(ids).toContainEqual(expect.stringMatching(/^slo:acme\/checkout:burn_page:/));
  });

  it('are replaced at once or not at all, and only while they are those that were read', async () => {
    const { body: before } = await acme.get('/objectives');
    const overtaken = await put(acme, [], { version: 0 });
    expect([overtaken.status, overtaken.body['code']]).toEqual([409, 'objectives_changed']);
    expect((await acme.get('/objectives')).body).toEqual(before);
    const same = await put(acme, before['objectives'], { version: before['version'] });
    expect(same.body).toEqual(before);
    const { body } = await put(acme, [{ ...CHECKOUT, window: '7d' }]);
    expect(body).toMatchObject({ version: 2, objectives: [{ id: 'checkout', window: '7d' }] });
    expect(await idsOf(acme)).toEqual(['checkout', 'error-rate']);
    const { body: audit } = await people.admin.get('/audit?account_id=acme&limit=4');
    const entries = audit['entries'] as { action: string; subject: string }[];
    expect(entries.map(({ action, subject }) => `${action} ${subject}`)).toEqual(
      expect.arrayContaining(['objective.changed checkout', 'objective.deleted events-latency-p95']),
    );
  });

  it('are refused with all that is wrong', async () => {
    const { status, body } = await put(acme, [
      { ...CHECKOUT, account: 'globex' },
      { ...CHECKOUT, window: '1y' },
      { id: 'vendor-availability', objective: 0.99 },
      { id: 'error-rate', objective: 0.999 },
      { ...CHECKOUT, id: 'hopeless', objective: 0.5 },
      { id: 'events-availability', kind: 'latency', below_ms: 200 },
      'nothing',
    ]);
    expect([status, body['code']]).toEqual([400, 'invalid_objective']);
    const faults = body['faults'] as { field: string; message: string }[];
    expect(faults.map(({ field, message }) => `${field} ${message}`)).toEqual([
      'objectives[0].account is no field of an objective of kind availability',
      'objectives[1].window must be one of 24h, 7d, 28d, 30d, 90d',
      'objectives[2].kind cannot be vendor: vendors are everybody’s, and set in SLOS_FILE',
      'objectives[3].id is set for this account by SLOS_FILE',
      'objectives[4].objective is so low that nobody could ever be paged for it',
      'objectives[5].kind cannot be changed: it is availability',
      'objectives[6] must be an object',
    ]);
    expect((await put(acme, new Array(51).fill(CHECKOUT))).status).toBe(400);
  });

  it('say what is doubtful about them', async () => {
    const { body } = await put(acme, [
      { ...CHECKOUT, objective: 0.9, routes: ['POST /events', 'GET /no-such-route'] },
      { id: 'shop', kind: 'monitor', monitor: 'of-nobody', objective: 0.99, window: '30d' },
    ]);
    const warnings = body['warnings'] as { field: string; message: string }[];
    expect(warnings.map(({ field, message }) => `${field} ${message}`)).toEqual([
      'objectives[0].objective is so low that the alert at 14.4 × over 1h and 5m cannot fire',
      'objectives[0].routes names GET /no-such-route, which there is not',
      'objectives[1].monitor is the id of no monitor of this account',
    ]);
  });

  it('are nobody else’s to set or to see', async () => {
    const globex = people.asPerson(await people.join('globex', 'admin@globex.example', 'admin'));
    const viewer = people.asPerson(await people.join('acme', 'viewer@acme.example', 'viewer'));
    expect((await put(globex, [CHECKOUT], { account_id: 'acme' })).status).toBe(403);
    expect((await globex.get('/objectives?account_id=acme')).status).toBe(403);
    expect((await globex.get('/objectives')).body).toMatchObject({ account_id: 'globex', objectives: [] });
    expect(await idsOf(globex)).toEqual([]);
    for (const client of [viewer, acmeKey]) expect((await put(client, [])).status).toBe(403);
    expect((await people.nobody.get('/objectives')).status).toBe(401);
  });

  it('are as many as all accounts together may have', async () => {
    // acme has two.
    const others = `INSERT INTO account_objectives (account_id, version, size, objectives, updated_at)
      VALUES ('others', 1, 997, '[]', 0)`;
    await change(people.service, others);
    const one = await put(people.admin, [CHECKOUT], { account_id: 'initech' });
    expect(one.status).toBe(200);
    const two = await put(people.admin, [CHECKOUT, { ...CHECKOUT, id: 'second' }], { account_id: 'initech' });
    expect([two.status, two.body['code']]).toEqual([409, 'too_many_objectives']);
    await put(people.admin, [], { account_id: 'initech' });
    await change(people.service, `DELETE FROM account_objectives WHERE account_id = 'others'`);
  });

  it('end with their account', async () => {
    await put(people.admin, [CHECKOUT], { account_id: 'globex' });
    expect(await idsOf(people.admin)).toContain('checkout');
    await put(acme, []);
    expect((await people.admin.delete('/accounts/globex')).status).toBeLessThan(300);
    await people.service.app.get(OwnObjectivesReader).look();
    expect(await idsOf(people.admin)).not.toContain('checkout');
  });
});
