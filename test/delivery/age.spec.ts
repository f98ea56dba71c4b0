import { answer, FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import {
  incident,
  inShort,
  linesAbout,
  over,
  received,
  record,
  settled,
  startPaging,
} from './paging-service';

const MORTAL = { DELIVERY_MAX_AGE_MS: '1000', DELIVERY_TIMEOUT_MS: '10000' };

let destination: FakeDestination;

beforeEach(async () => {
  destination = await FakeDestination.start();
});

afterEach(async () => {
  await stopServices();
  await destination.stop();
});

describe('a delivery that is older than DELIVERY_MAX_AGE_MS', () => {
  it('is dead, and logged as an error, also while the breaker is open', async () => {
    destination.always(answer(500));
    const service = await startPaging(destination, {
      ...MORTAL,
      BREAKER_FAILURES: '1',
      BREAKER_RESET_MS: '3600000',
    });
    await record(service, incident('tried'));
    await received(destination, 1);
    await record(service, incident('held'));
    for (const [id, attempts] of [
      ['tried', 1],
      ['held', 0],
    ] as const) {
      const deliveries = await settled(service, id);
      expect(inShort(deliveries)).toEqual(['trigger dead (expired)']);
      expect(deliveries[0]!.attempts).toHaveLength(attempts);
      expect(linesAbout(service, deliveries[0]!).at(-1)).toMatchObject({
        level: 'error',
        event_id: id,
        reason: 'expired',
      });
    }
    expect(destination.calls).toHaveLength(1);
  });

  it('is dead although the destination has asked for more patience than that', async () => {
    destination.always(answer(429, { 'retry-after': '3600' }));
    const service = await startPaging(destination, MORTAL);
    await record(service, incident('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger dead (expired)']);
    expect(destination.calls).toHaveLength(1);
  });

  it('is ended by age alone where every attempt is told to wait', async () => {
    destination.always(answer(503, { 'retry-after': '0' }));
    const service = await startPaging(destination, {
      ...MORTAL,
      BREAKER_FAILURES: '1000',
      DELIVERY_BASE_MS: '100',
      DELIVERY_MAX_MS: '100',
      DELIVERY_MAX_ATTEMPTS: '1',
    });
    await record(service, incident('inc'));
    const [delivery] = await settled(service, 'inc');
    expect(delivery).toMatchObject({ status: 'dead', reason: 'expired' });
    expect(delivery!.attempts.length).toBeGreaterThan(1);
    // "Retry-After: 0" makes no busy loop: not more than one attempt for each of the base.
    expect(delivery!.attempts.length).toBeLessThanOrEqual(11);
  });

  it('takes its resolve with it where it was never sent', async () => {
    destination.next(answer(500));
    const service = await startPaging(destination, {
      ...MORTAL,
      BREAKER_FAILURES: '1',
      BREAKER_RESET_MS: '3600000',
    });
    await record(service, incident('tried'));
    await received(destination, 1);
    await record(service, incident('held'));
    await settled(service, 'held');
    await record(service, over('held'));
    expect(inShort(await settled(service, 'held'))).toEqual([
      'trigger dead (expired)',
      'resolve skipped (trigger_dead)',
    ]);
  });

  it('can be replayed, and is young again then', async () => {
    destination.next(answer(429, { 'retry-after': '3600' }));
    const service = await startPaging(destination, MORTAL);
    await record(service, incident('inc'));
    const [dead] = await settled(service, 'inc');
    await service.stop();
    const again = await startPaging(destination, { ...service.environment, DELIVERY_MAX_AGE_MS: '60000' });
    await again.client.post(`/deliveries/${dead!.id}/replay`);
    expect(inShort(await settled(again, 'inc'))).toEqual(['trigger dead (expired)', 'trigger delivered']);
  });

  it('is delivered all the same where the answer was on its way', async () => {
    let isAnswered = false;
    destination.next((request, response) => {
      setTimeout(() => {
        isAnswered = true;
        answer(202)(request, response);
      }, 2_500);
    });
    const service = await startPaging(destination, MORTAL);
    await record(service, incident('inc'));
    expect(inShort(await settled(service, 'inc'))).toEqual(['trigger delivered']);
    expect(isAnswered).toBe(true);
  });
});
