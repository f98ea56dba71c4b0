import { IntakeBuffer } from '../../src/recording/intake-buffer';
import { Recorder } from '../../src/recording/recorder';
import { errorShape } from '../api/error-shape';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { chargeSucceeded, type Answer } from '../harness/service-client';

let service: RunningService;
/** Lets the recorder go on. */
let release: () => void;
/** The call that keeps all others waiting. */
let blocker: Promise<unknown>;

afterEach(async () => {
  release();
  await blocker;
  await stopServices();
});

/** A service that stores nothing more until `release` is called. */
async function startBusy(environment: Record<string, string>): Promise<void> {
  service = await startService({ INGEST_MODE: 'direct', ...environment });
  const gate = new Promise<void>((resolve) => (release = resolve));
  await new Promise<void>((resolve) => {
    const alongside = (): Promise<void> => {
      resolve();
      return gate;
    };
    blocker = service.app.get(Recorder).record([], { alongside });
  });
}

function event(event_id: string, changes: object = {}): object {
  const timestamp = '2026-01-15T10:40:00.000Z';
  return { account_id: 'acme', user_id: 'user-17', type: 'login', timestamp, event_id, ...changes };
}

const post = (body: unknown): Promise<Answer> => service.client.post('/events', body);

/** Waits until so many events wait to be stored. */
function waiting(events: number): Promise<void> {
  return eventually(() => expect(service.app.get(IntakeBuffer).load).toMatchObject({ events }));
}

function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.body).toEqual({
    ...errorShape(503, answer.headers.get('x-request-id')),
    code: 'overloaded',
  });
}

async function storedIds(): Promise<string[]> {
  return (await service.client.events('?limit=500')).map(({ event_id }) => event_id).sort();
}

describe('while the database does not keep up', () => {
  it("refuses tenants' posts beyond INTAKE_MAX_EVENTS, and loses none that it took", async () => {
    await startBusy({ INTAKE_MAX_EVENTS: '4' });
    const taken = [post([event('a'), event('b')]), post([event('c'), event('d')])];
    await waiting(4);
    expectRefused(await post(event('e')));
    expectRefused(await post([event('f'), event('g')]));
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([202, 202]);
    expect(await storedIds()).toEqual(['a', 'b', 'c', 'd']);
    expect(service.app.get(IntakeBuffer).load).toEqual({ events: 0, bytes: 0 });
    expect((await post(event('e'))).status).toBe(202);
  });

  it('refuses them beyond INTAKE_MAX_BYTES', async () => {
    await startBusy({ INTAKE_MAX_BYTES: '1048576' });
    const metadata = { text: 'x'.repeat(600_000) };
    const taken = [post(event('a', { metadata })), post(event('b', { metadata }))];
    await waiting(2);
    expectRefused(await post(event('c')));
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([202, 202]);
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it('keeps a quarter more for vendors, and refuses them beyond that', async () => {
    await startBusy({ INTAKE_MAX_EVENTS: '8' });
    const tenants = post(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => event(id)));
    await waiting(8);
    expectRefused(await post(event('i')));
    const vendors = [
      service.client.stripe(chargeSucceeded('v1')),
      service.client.stripe(chargeSucceeded('v2')),
    ];
    await waiting(10);
    expectRefused(await service.client.stripe(chargeSucceeded('v3')));
    release();
    expect((await tenants).status).toBe(202);
    expect((await Promise.all(vendors)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await storedIds()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'v1', 'v2']);
    expect(await service.client.stripe(chargeSucceeded('v3'))).toMatchObject({ status: 200 });
  });

  it("refuses nothing of the service's own", async () => {
    await startBusy({ INTAKE_MAX_EVENTS: '1' });
    const taken = post(event('a'));
    await waiting(1);
    const vendor = service.client.stripe(chargeSucceeded('v1'));
    await waiting(2);
    expectRefused(await post(event('b')));
    expectRefused(await service.client.stripe(chargeSucceeded('v2')));
    const pull = service.client.post('/ingest/pull-status');
    await eventually(() => expect(service.app.get(IntakeBuffer).load.events).toBeGreaterThan(2));
    release();
    expect((await pull).status).toBe(200);
    expect((await vendor).status).toBe(200);
    expect((await taken).status).toBe(202);
  });

  it('takes a post that is larger than the whole buffer when nothing waits', async () => {
    await startBusy({ INTAKE_MAX_EVENTS: '1' });
    const taken = post([event('a'), event('b'), event('c')]);
    await waiting(3);
    release();
    expect((await taken).status).toBe(202);
  });

  it('says so in the log once, and not for each post', async () => {
    await startBusy({ INTAKE_MAX_EVENTS: '1' });
    const taken = post(event('a'));
    await waiting(1);
    for (const id of ['b', 'c', 'd']) expectRefused(await post(event(id)));
    const lines = service.log.filter(({ context }) => context === 'Intake');
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', sender: 'tenant', refused: 1, waiting_events: 1 }),
    ]);
    release();
    await taken;
  });
});
