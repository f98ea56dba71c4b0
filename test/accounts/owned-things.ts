import { SECRET } from '../destinations/own-destinations';
import { eventually } from '../harness/eventually';
import type { ShownDelivery } from '../harness/service-client';
import type { PeopleService } from '../people/people-service';

/** Ids of one thing of each kind, all of one account. */
export interface OwnedThings {
  readonly monitor: string;
  readonly window: string;
  readonly destination: string;
  readonly route: string;
  readonly event: string;
  /** Of the objective that the monitor has. */
  readonly slo: string;
  /** Of a delivery that is dead. */
  readonly delivery: string;
  readonly key: string;
  readonly person: string;
  readonly invitation: string;
}

/** Ids of the same form, of things that there are not. */
export const MADE_UP: OwnedThings = {
  monitor: 'k3hq9zbtmxo0cv5u',
  window: 'd8ekfngpqbhtzciu',
  destination: 'webhook-9f2c41d07be3',
  route: 'route-9f2c41d07be3',
  event: 'no-such-event',
  slo: 'monitor-availability:k3hq9zbtmxo0cv5u',
  delivery: '999999999',
  key: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11',
  person: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a12',
  invitation: '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a13',
};

/** Makes one thing of each kind in an account, whose deliveries are refused where they are sent to. */
export async function makeThings(people: PeopleService, account_id: string): Promise<OwnedThings> {
  const { admin, invite, join, makeKey } = people;
  const make = async (path: string, body: object): Promise<string> => {
    const { status, body: made } = await admin.post(path, { account_id, ...body });
    if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(made)}`);
    return String(made['id']);
  };
  const url = 'http://127.0.0.1:9/';
  const event = `order-of-${account_id}`;
  const person = (await join(account_id, `member@${account_id}.example`, 'viewer')).person.id;
  await invite(account_id, `guest@${account_id}.example`, 'viewer');
  const invited = await admin.get(`/accounts/${account_id}/invitations`);
  const { invitations } = invited.body as { invitations: { id: string; email: string }[] };
  await admin.post('/events', {
    ...{ account_id, event_id: event, user_id: 'u1', type: 'checkout.failed', kind: 'incident' },
    ...{ severity: 'critical', timestamp: '2026-01-15T10:40:00Z' },
  });
  const delivery = await eventually(async () => {
    const { body } = await admin.get(`/deliveries?account_id=${account_id}&status=dead`);
    const [dead] = (body as { deliveries: ShownDelivery[] }).deliveries;
    if (dead === undefined) throw new Error('nothing is dead yet');
    return String(dead.id);
  });
  const monitor = await make('/monitors', { name: 'API', url, paused: true });
  return {
    monitor,
    slo: `monitor-availability:${monitor}`,
    window: await make('/maintenance-windows', {
      name: 'Move',
      starts_at: '2096-01-01T00:00:00Z',
      ends_at: '2096-01-02T00:00:00Z',
    }),
    destination: await make('/destinations', {
      name: 'on-call',
      type: 'webhook',
      settings: { url, secret: SECRET },
    }),
    route: await make('/routes', { name: 'Silence', match: { type: 'test.*' }, to: [] }),
    event,
    delivery,
    key: (await makeKey(account_id, ['read'])).id,
    person,
    invitation: invitations.find(({ email }) => email.startsWith('guest@'))!.id,
  };
}
