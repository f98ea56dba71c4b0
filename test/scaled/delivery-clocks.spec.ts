import { incident, NO_BREAKER, record, settled, startPaging } from '../delivery/paging-service';
import { answer, FakeDestination } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import { freshScaledStore } from '../harness/store';

const HOUR = 3_600_000;

describeWith({ postgres: true, redis: true }, 'a process whose clock is wrong', () => {
  let destination: FakeDestination;

  beforeEach(async () => {
    destination = await FakeDestination.start();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await stopServices();
    await destination.stop();
  });

  it.each([
    ['ahead', 2 * HOUR],
    ['behind', -2 * HOUR],
  ])('and %s claims and retries in time: by the clock of the database', async (_where, offMs) => {
    const store = await freshScaledStore();
    const rightClock = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => rightClock() + offMs);
    destination.next(answer(500), answer(429, { 'retry-after': '1' }));
    const service = await startPaging(destination, { ...NO_BREAKER, ...store });
    await record(service, incident('inc'));
    expect(await settled(service, 'inc')).toMatchObject([
      {
        status: 'delivered',
        attempts: [{ outcome: 'server_error' }, { outcome: 'throttled' }, { outcome: 'delivered' }],
      },
    ]);
    const [times] = await queryPostgres<{ are_right: boolean }>(
      String(store['DATABASE_URL']),
      `SELECT bool_and(abs(extract(epoch FROM now()) * 1000 - at) < 60000) AS are_right FROM (
        SELECT unnest(ARRAY[e.received_at, d.created_at, d.due_at, d.finished_at, a.started_at, a.finished_at]) AS at
        FROM events e, deliveries d, delivery_attempts a) AS instants`,
    );
    expect(times).toEqual({ are_right: true });
  });
});
