import { startGuarded } from '../accounts/guarded-service';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { StreamReader } from './stream-reader';

let service: RunningService;
beforeAll(async () => {
  service = await startService({ INGEST_MODE: 'direct' });
});
afterAll(stopServices);

const incident = (event_id: string, more: object = {}): object => ({
  event_id,
  account_id: 'default',
  user_id: 'u1',
  type: 'checkout.failed',
  kind: 'incident',
  severity: 'warning',
  timestamp: '2026-01-15T10:40:00Z',
  ...more,
});

describe('the stream of events', () => {
  it('tells new events and their further states, in their order', async () => {
    const stream = await StreamReader.open(service.url);
    await service.client.post('/events', incident('told-1'));
    const end = { timestamp: '2026-01-15T10:52:00Z', resolved_at: '2026-01-15T10:52:00Z' };
    await service.client.post('/events', incident('told-1', end));
    await service.client.post('/events', incident('told-2'));
    await eventually(() => expect(stream.names).toEqual(['told-1 1', 'told-1 2', 'told-2 1']));
    expect(stream.told[1]).toMatchObject({
      source: 'app',
      kind: 'incident',
      severity: 'warning',
      service: 'app',
      started_at: '2026-01-15T10:40:00.000Z',
      resolved_at: '2026-01-15T10:52:00.000Z',
    });
    stream.close();
  });

  it('goes on where it broke off, with no gap and no repeat', async () => {
    const first = await StreamReader.open(service.url);
    await service.client.post('/events', incident('before'));
    await eventually(() => expect(first.names).toEqual(['before 1']));
    first.close();
    await service.client.post('/events', [incident('meanwhile-1'), incident('meanwhile-2')]);
    const second = await StreamReader.open(service.url, { 'last-event-id': first.lastId });
    await service.client.post('/events', incident('after'));
    await eventually(() => {
      expect(second.names).toEqual(['meanwhile-1 1', 'meanwhile-2 1', 'after 1']);
    });
    second.close();
  });

  it('says so where there is too much to tell', async () => {
    const first = await StreamReader.open(service.url);
    const place = first.lastId;
    first.close();
    const many = (part: string): object[] =>
      Array.from({ length: 600 }, (_, at) => incident(`${part}-${at}`));
    await service.client.post('/events', many('one'));
    await service.client.post('/events', many('other'));
    const second = await StreamReader.open(service.url, { 'last-event-id': place });
    expect(second.messages.map(({ event }) => event)).toEqual(['missed', 'ready']);
    second.close();
  });

  it('says so to whoever has seen more than there is, as before a backup was restored', async () => {
    const stream = await StreamReader.open(service.url, { 'last-event-id': '999999999999999' });
    expect(stream.messages.map(({ event }) => event)).toEqual(['missed', 'ready']);
    await service.client.post('/events', incident('after-the-restore'));
    await eventually(() => expect(stream.names).toEqual(['after-the-restore 1']));
    stream.close();
  });

  it('shows an account nothing but its own', async () => {
    const guarded = await startGuarded({ INGEST_MODE: 'direct' });
    const { key } = await guarded.makeKey('acme', ['read']);
    const acme = await StreamReader.open(guarded.service.url, { authorization: `Bearer ${key}` });
    await guarded.admin.post('/events', [incident('theirs'), incident('ours', { account_id: 'acme' })]);
    await eventually(() => expect(acme.names).toEqual(['ours 1']));
    const others = await fetch(`${guarded.service.url}/events/stream?account_id=default`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(others.status).toBe(403);
    acme.close();
  });

  it('is refused where there are 100 for an account, or 500 in all, until one of them ends', async () => {
    const fresh = await startService();
    const opened: StreamReader[] = [];
    const statusOf = async (account: string): Promise<number> => {
      const leaving = new AbortController();
      const { signal } = leaving;
      const { status } = await fetch(`${fresh.url}/events/stream?account_id=${account}`, { signal });
      leaving.abort();
      return status;
    };
    for (const account of ['one', 'two', 'three', 'four', 'five']) {
      const streams = Array.from({ length: 100 }, () => StreamReader.open(fresh.url, {}, account));
      opened.push(...(await Promise.all(streams)));
      if (account === 'one') {
        expect(await statusOf('one')).toBe(503);
        expect(await statusOf('other')).toBe(200);
      }
    }
    expect(await statusOf('other')).toBe(503);
    opened.pop()!.close();
    await eventually(async () => expect(await statusOf('other')).toBe(200));
    for (const stream of opened) stream.close();
    await fresh.stop();
  });

  it('ends when the service stops, and does not keep it', async () => {
    const stopping = await startService();
    const stream = await StreamReader.open(stopping.url);
    await stopping.stop();
    await stream.end;
  });
});
