import type { Environment } from '../../src/config/settings';
import { incident, record, settled } from '../delivery/paging-service';
import { eventually } from '../harness/eventually';
import { freePort } from '../harness/free-port';
import { stopServices, type RunningService } from '../harness/service';
import type { ShownDelivery } from '../harness/service-client';
import { ending, selfSigned } from '../monitors/certificates';
import { add, everythingShown, SECRETS, settingsAt, startSending, telltale } from './own-destinations';
import { Receiver, reply, type Reaction, type Received } from './receiver';

const ATTEMPTS = 2;
const TYPES = ['pagerduty', 'slack', 'webhook'] as const;

const answer = (status: number, headers: Record<string, string> = {}, times = 1): Reaction => {
  return (received, response) => {
    const body = status === 204 ? '' : telltale(received).repeat(times);
    reply(status, headers, body)(received, response);
  };
};

const reset: Reaction = (_received, response) => response.socket?.resetAndDestroy();
const hang: Reaction = () => undefined;

/** Answers 200 and then sends the body for ever, a little at a time. */
const slowBody: Reaction = (_received, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(timer));
};

/** A case's end. `retried` is tried until its attempts are used up, `delayed` until the destination has had its time. */
type End = 'delivered' | 'dead' | 'retried' | 'delayed';

interface Case {
  readonly name: string;
  readonly end: End;
  readonly outcome: string;
  readonly status: number | null;
  readonly reaction: Reaction;
}

const answering = (end: End, outcome: string, ...statuses: readonly number[]): Case[] =>
  statuses.map((status) => {
    const reaction = answer(status, status === 301 ? { location: '/elsewhere' } : {});
    return { name: String(status), end, outcome, status, reaction };
  });

const silent = (name: string, outcome: string, reaction: Reaction = hang): Case => {
  return { name, end: 'retried', outcome, status: null, reaction };
};

/** What every destination makes of every answer, and of none. */
const CASES: readonly Case[] = [
  ...answering('delivered', 'delivered', 200, 201, 202, 204),
  ...answering('dead', 'redirected', 301),
  ...answering('dead', 'rejected', 400, 401, 403, 404, 410, 413),
  ...answering('retried', 'server_error', 408, 500, 502, 503, 504),
  silent('reset', 'connection_lost', reset),
  silent('hang', 'timeout'),
  silent('slow body', 'timeout', slowBody),
  silent('refused', 'unreachable'),
  silent('wrong TLS', 'unreachable'),
  {
    name: 'huge body',
    end: 'delivered',
    outcome: 'delivered',
    status: 200,
    reaction: answer(200, {}, 50_000),
  },
];

let receiver: Receiver;
afterEach(async () => {
  await stopServices();
  await receiver.stop();
});

/** A receiver that behaves as the case says, and a service that sends to it in every way. */
async function start({ name, reaction }: Pick<Case, 'name' | 'reaction'>): Promise<RunningService> {
  receiver = await Receiver.start(name === 'wrong TLS' ? selfSigned(ending(30, '127.0.0.1')) : null);
  receiver.reaction = reaction;
  const isSilent = ['hang', 'slow body'].includes(name);
  const environment: Environment = {
    DELIVERY_MAX_ATTEMPTS: String(ATTEMPTS),
    DELIVERY_TIMEOUT_MS: isSilent ? '400' : '10000',
  };
  const target = name === 'refused' ? { url: `http://127.0.0.1:${await freePort()}` } : receiver;
  const service = await startSending(target, environment);
  const settings = settingsAt(target);
  for (const type of TYPES) await add(service, type, settings[type]);
  return service;
}

/** What became of the event at each destination: by type, and by `operator` for the operator's own. */
async function deliver(service: RunningService): Promise<Record<string, ShownDelivery>> {
  await record(service, incident('evt_1'));
  const deliveries = await settled(service, 'evt_1');
  return Object.fromEntries(
    deliveries.map((delivery) => {
      const isOperators = delivery.destination === 'pagerduty';
      return [isOperators ? 'operator' : delivery.destination.replace(/-.*/, ''), delivery];
    }),
  );
}

/** Both PagerDuty services are reached at one URL, by their keys. */
function placeOf({ path, body }: Received): string {
  return `${path} ${(JSON.parse(body) as { routing_key?: string }).routing_key ?? ''}`;
}

function expectNoSecret(text: string): void {
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
}

const STATUS = { delivered: 'delivered', delayed: 'delivered', dead: 'dead', retried: 'dead' } as const;
const REASON = { delivered: null, delayed: null, dead: 'rejected', retried: 'attempts_exhausted' } as const;

describe('every destination', () => {
  it.each(CASES)('makes of $name: $end', async (one) => {
    const service = await start(one);
    const deliveries = await deliver(service);
    expect(Object.keys(deliveries).sort()).toEqual(['operator', ...TYPES]);
    for (const [name, delivery] of Object.entries(deliveries)) {
      const attempts = one.end === 'retried' ? ATTEMPTS : 1;
      const attempt = { outcome: one.outcome, http_status: one.status };
      expect([name, delivery]).toMatchObject([
        name,
        { status: STATUS[one.end], reason: REASON[one.end], attempts: Array(attempts).fill(attempt) },
      ]);
      for (const { response } of delivery.attempts) expect(response?.length ?? 0).toBeLessThanOrEqual(2_000);
    }
    expect(receiver.on('/elsewhere')).toEqual([]);
    expectNoSecret(await everythingShown(service));
  });

  it.each([
    ['seconds', (): string => '1'],
    ['a date', (): string => new Date(Date.now() + 2_000).toUTCString()],
  ])('is left alone by 429 for as long as it asks, in %s', async (_form, retryAfter) => {
    const notBefore = new Map<string, number>();
    const service = await start({ name: '429', reaction: reply(200) });
    receiver.reaction = (received, response) => {
      if (notBefore.has(placeOf(received))) return reply(200)(received, response);
      const value = retryAfter();
      notBefore.set(placeOf(received), value === '1' ? Date.now() + 1_000 : Date.parse(value));
      answer(429, { 'retry-after': value })(received, response);
    };
    for (const [name, delivery] of Object.entries(await deliver(service))) {
      expect([name, delivery]).toMatchObject([
        name,
        { status: 'delivered', attempts: [{ outcome: 'throttled' }, { outcome: 'delivered' }] },
      ]);
    }
    expect(receiver.received).toHaveLength(8);
    for (const [place, at] of notBefore) {
      const [, second] = receiver.received.filter((received) => placeOf(received) === place);
      expect(second!.at).toBeGreaterThanOrEqual(at);
    }
    expectNoSecret(await everythingShown(service));
  });

  it('takes a page for an answer only where answers may be pages', async () => {
    const page = '<!doctype html><p>Please log in';
    const service = await start({
      name: 'page',
      reaction: reply(200, { 'content-type': 'text/html' }, page),
    });
    const deliveries = await deliver(service);
    expect(deliveries['webhook']).toMatchObject({ status: 'delivered' });
    for (const name of ['operator', 'pagerduty', 'slack']) {
      const attempts = Array(ATTEMPTS).fill({
        outcome: 'server_error',
        error: 'answered 200 with a web page',
      });
      expect([name, deliveries[name]]).toMatchObject([name, { status: 'dead', attempts }]);
    }
  });

  it('takes Slack’s ok, which calls itself a page', async () => {
    const service = await start({ name: 'ok', reaction: reply(200, { 'content-type': 'text/html' }, 'ok') });
    expect((await deliver(service))['slack']).toMatchObject({ status: 'delivered' });
  });

  it('shows no secret of one that is broken off while the request goes out', async () => {
    const service = await start({ name: 'hang', reaction: hang });
    await record(service, incident('evt_1'));
    await eventually(() => expect(receiver.received).toHaveLength(4));
    await service.stop();
    expectNoSecret(JSON.stringify(service.log));
  });
});
