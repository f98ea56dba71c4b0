import { Database } from '../../src/database/database';
import { DeadLetterEntity } from '../../src/ingest/queue/dead-letter.entity';
import { eventually } from '../harness/eventually';
import { answer as answerWith, FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import type { GuardedClient } from '../accounts/guarded-service';
import type { ShownDelivery } from '../harness/service-client';
import { startWithPeople, type PeopleService } from './people-service';

let destination: FakeDestination;
let people: PeopleService;
let operator: GuardedClient;
/** The dead delivery of each account. */
let dead: Record<string, number>;

beforeEach(async () => {
  destination = await FakeDestination.start(answerWith(400));
  people = await startWithPeople({ PAGERDUTY_EVENTS_URL: destination.url });
  operator = people.asPerson(await people.join('acme', 'ada@acme.example', 'operator'));
  const event = { user_id: 'u1', type: 'checkout.failed', kind: 'incident', severity: 'critical' };
  const timestamp = new Date().toISOString();
  for (const account_id of ['acme', 'other']) {
    const posted = { ...event, event_id: `of-${account_id}`, account_id, timestamp };
    expect((await people.admin.post('/events', posted)).status).toBe(202);
  }
  await eventually(async () => {
    const { deliveries } = (await people.admin.get('/deliveries?status=dead')).body as {
      deliveries: (ShownDelivery & { account_id: string })[];
    };
    expect(deliveries).toHaveLength(2);
    dead = Object.fromEntries(deliveries.map(({ account_id, id }) => [account_id, id]));
  });
});
afterEach(async () => {
  await stopServices();
  await destination.stop();
});

describe('an operator of an account', () => {
  it('replays its deliveries one by one, and nobody else’s, as if those were not there', async () => {
    const foreign = await operator.post(`/deliveries/${dead['other']}/replay`);
    expect(foreign).toMatchObject({ status: 404, body: { code: 'delivery_not_found' } });
    const letter = await operator.post(`/dead-letters/deliveries-${dead['other']}/replay`);
    expect(letter).toMatchObject({ status: 404, body: { code: 'dead_letter_not_found' } });
    expect((await operator.post(`/deliveries/${dead['acme']}/replay`)).status).toBe(200);
  });

  it.each(['/deliveries/replay', '/dead-letters/replay'])('replays its own alone by %s', async (path) => {
    expect((await operator.post(path, {})).body).toMatchObject({ replayed: 1 });
  });

  it('replays none of another account by naming it, as the service’s operator may', async () => {
    const others = { account_id: 'other', dry_run: true };
    expect(await operator.post('/deliveries/replay', others)).toMatchObject({ status: 403 });
    expect((await people.admin.post('/deliveries/replay', others)).body).toMatchObject({ replayed: 1 });
    expect((await people.admin.post('/deliveries/replay', { dry_run: true })).body).toMatchObject({
      replayed: 2,
    });
  });

  it('replays events that could not be stored of its own account alone', async () => {
    const foreign = await operator.post('/dead-letters/replay', { queue: 'events', account_id: 'other' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const letter = {
      queue: 'events',
      account_id: 'other',
      event_id: 'bad',
      payload: '{}',
      error: 'full',
      attempts: 1,
    };
    const database = people.service.app.get(Database);
    await database.write((tx, now) => tx.insert(DeadLetterEntity, { ...letter, created_at: now }));
    const { id } = await database.read.findOneByOrFail(DeadLetterEntity, { account_id: 'other' });
    const answer = await operator.post(`/dead-letters/events-${id}/replay`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'dead_letter_not_found' } });
    expect((await operator.post('/dead-letters/replay', { queue: 'events' })).body).toMatchObject({
      replayed: 0,
    });
  });
});
