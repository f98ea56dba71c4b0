import { DeliveryWorker } from '../../src/delivery/delivery-worker';
import { crash, endLeases } from '../delivery/crash';
import { inShort, settled, startPaging } from '../delivery/paging-service';
import { FakeDestination } from '../harness/fake-destination';
import { describeWith } from '../harness/servers';
import { stopServices } from '../harness/service';
import { freshScaledStore } from '../harness/store';

describeWith({ postgres: true, redis: true }, 'a crash with a delivery in flight, on PostgreSQL', () => {
  let destination: FakeDestination;

  beforeEach(async () => {
    destination = await FakeDestination.start();
  });
  afterEach(async () => {
    await stopServices();
    await destination.stop();
  });

  it('is made good when the lease has ended, and not before: the process could be alive', async () => {
    const store = await freshScaledStore();
    await crash(destination, store);
    const service = await startPaging(destination, store);
    await service.app.get(DeliveryWorker).look();
    const { deliveries } = await service.client.event('evt_1');
    expect(deliveries).toMatchObject([{ status: 'pending', attempts: [{ number: 1, outcome: null }] }]);
    expect(Date.parse(deliveries[0]!.next_attempt_at!)).toBeGreaterThan(Date.now());
    expect(destination.calls).toEqual(['trigger default/evt_1']);

    await endLeases(store);
    expect(inShort(await settled(service, 'evt_1'))).toEqual(['trigger delivered']);
    expect(destination.calls).toEqual(['trigger default/evt_1', 'trigger default/evt_1']);
  });
});
