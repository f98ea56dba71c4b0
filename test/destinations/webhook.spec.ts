import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { incident, over, record, settled } from '../delivery/paging-service';
import { stopServices, type RunningService } from '../harness/service';
import { add, OLD_SECRET, SECRET, startSending } from './own-destinations';
import { Receiver, reply, type Received } from './receiver';

let receiver: Receiver;
let service: RunningService;
let id: string;

beforeEach(async () => {
  receiver = await Receiver.start();
  service = await startSending(receiver);
  const settings = { url: `${receiver.url}/hook`, secret: OLD_SECRET };
  id = (await add(service, 'webhook', settings)).id;
});
afterEach(async () => {
  await stopServices();
  await receiver.stop();
});

const headersOf = ({ headers }: Received): Record<string, string> => headers as Record<string, string>;

/** What Svix's library finds wrong with requests, for a receiver with a secret; only by its own headers. */
function faultsBySvix(secret: string, requests: readonly Received[]): (string | null)[] {
  const input = requests.map((request) => {
    const own = Object.entries(headersOf(request)).filter(([name]) => name.startsWith('svix-'));
    return { secret, body: request.body, headers: Object.fromEntries(own) };
  });
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'svix-verify.mts')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[];
}

function verify(secret: string, request: Received): unknown {
  return new Webhook(secret).verify(request.body, headersOf(request));
}

describe('a webhook', () => {
  it('says what has happened, signed for the libraries of Standard Webhooks and Svix', async () => {
    await record(service, incident('inc', { summary: 'Zahlungen schlagen fehl', user_id: 'u-1' }));
    await settled(service, 'inc');
    await record(service, over('inc', { summary: 'Zahlungen schlagen fehl' }));
    await settled(service, 'inc');
    const [opened, closed] = receiver.on('/hook');
    expect(verify(OLD_SECRET, opened!)).toEqual({
      type: 'event.triggered',
      timestamp: expect.stringMatching(/^2031-.*Z$/) as unknown,
      data: {
        account_id: 'default',
        event_id: 'inc',
        revision: 1,
        source: 'acme_status',
        kind: 'incident',
        severity: 'critical',
        service: 'acme',
        type: 'incident',
        user_id: 'u-1',
        summary: 'Zahlungen schlagen fehl',
        description: null,
        started_at: '2031-05-06T00:00:00.000Z',
        resolved_at: null,
        updated_at: expect.stringMatching(/^2031-.*Z$/) as unknown,
      },
    });
    expect(verify(OLD_SECRET, closed!)).toMatchObject({
      type: 'event.resolved',
      data: { revision: 2, resolved_at: expect.stringMatching(/^2031-.*Z$/) as unknown },
    });
    expect(faultsBySvix(OLD_SECRET, [opened!, closed!])).toEqual([null, null]);
    expect(faultsBySvix(SECRET, [opened!])).toEqual([expect.stringContaining('No matching signature')]);
    expect(closed!.headers['webhook-id']).not.toBe(opened!.headers['webhook-id']);
    expect(opened!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': 'from-a-test',
    });
  });

  it('keeps its id from attempt to attempt, and is signed anew for each', async () => {
    receiver.reaction = ({ path }, response) => {
      const isFirst = path === '/hook' && receiver.on('/hook').length === 1;
      reply(isFirst ? 500 : 200)({} as Received, response);
    };
    await record(service, incident('inc'));
    await settled(service, 'inc');
    const requests = receiver.on('/hook');
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(faultsBySvix(OLD_SECRET, requests)).toEqual([null, null]);
  });

  it('is signed with all secrets while one takes the other’s place, also about what was opened before', async () => {
    const change = (settings: object): Promise<unknown> =>
      service.client.post(`/destinations/${id}`, { settings }, {}, 'PATCH');
    await record(service, incident('inc'));
    await settled(service, 'inc');
    await change({ secret: SECRET, previous_secrets: [OLD_SECRET] });
    await record(service, incident('during'));
    await settled(service, 'during');
    await change({ previous_secrets: [] });
    await record(service, over('inc'));
    await settled(service, 'inc');
    const [before, during, after] = receiver.on('/hook');
    const rightFor = (request: Received): boolean[] =>
      [OLD_SECRET, SECRET].map((secret) => faultsBySvix(secret, [request])[0] === null);
    expect([before, during, after].map((request) => rightFor(request!))).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
    expect(after!.body).toContain('event.resolved');
  });
});
