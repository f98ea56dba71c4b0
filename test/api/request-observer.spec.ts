import { connect } from 'node:net';
import { RequestObserver, type RequestEnd } from '../../src/http/request-observer';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { PageServer } from '../statuspage/page-server';
import { NEVER } from '../statuspage/polled-service';
import { request, sendRaw } from './raw-http';

let service: RunningService;
let pages: PageServer;
const ends: RequestEnd[] = [];

beforeAll(async () => {
  pages = await PageServer.start();
  pages.serveSummary('slow', { instead: 'hang' });
  service = await startService({
    NODE_ENV: 'production',
    STATUS_PAGES: `slow=${pages.summaryUrl('slow')}`,
    STATUS_POLL_CRON: NEVER,
    REQUEST_TIMEOUT_MS: '1000',
  });
  service.app.get(RequestObserver).observe((end) => ends.push(end));
});
afterAll(async () => {
  await stopServices();
  await pages.close();
});

/** The one end of a request, told within the time; its other facts are asserted whole. */
async function endOf(id: string): Promise<object> {
  return eventually(() => {
    const own = ends.filter((end) => end.request.id === id);
    expect(own).toHaveLength(1);
    const [{ method, route, status, isWhole, durationMs }] = own as [RequestEnd];
    expect(durationMs).toBeGreaterThan(0);
    return { method, route, status, isWhole };
  });
}

/** Sends bytes and hangs up as soon as `isTime`. */
async function sendAndLeave(bytes: Buffer, isTime: () => void): Promise<void> {
  const { hostname, port } = new URL(service.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await eventually(isTime);
  socket.destroy();
}

it('tells of an answer, by its route’s pattern', async () => {
  await service.client.get('/events/nothing', { headers: { 'x-request-id': 'unknown-event' } });
  expect(await endOf('unknown-event')).toEqual({
    method: 'GET',
    route: '/events/:event_id',
    status: 404,
    isWhole: true,
  });
});

it('tells of a request that no route is for', async () => {
  await service.client.get('/nowhere', { headers: { 'x-request-id': 'nowhere' } });
  expect(await endOf('nowhere')).toEqual({ method: 'GET', route: null, status: 404, isWhole: true });
});

it('tells of a body that never came', async () => {
  const headers = ['x-request-id: half', 'content-type: application/json', 'content-length: 100'];
  await sendRaw(service.url, request('POST', '/events', headers), '{');
  expect(await endOf('half')).toMatchObject({ route: '/events', isWhole: false });
});

it('tells of a sender that hung up before the answer to a whole request', async () => {
  const asked = request('POST', '/ingest/pull-status', ['x-request-id: left']);
  await sendAndLeave(asked, () => expect(pages.summaryRequests('slow')).not.toHaveLength(0));
  expect(await endOf('left')).toEqual({
    method: 'POST',
    route: '/ingest/pull-status',
    status: null,
    isWhole: true,
  });
});

it('tells of an answer that took too long', async () => {
  await service.client.post('/ingest/pull-status', undefined, { 'x-request-id': 'late' });
  expect(await endOf('late')).toMatchObject({ status: 503, isWhole: true });
});
