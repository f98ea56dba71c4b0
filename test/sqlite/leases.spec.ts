import { crash } from '../delivery/crash';
import { settled, startPaging } from '../delivery/paging-service';
import { FakeDestination } from '../harness/fake-destination';
import { stopServices } from '../harness/service';
import { freshStore } from '../harness/store';

describe('a crash with a delivery in flight, where no other process can use the database', () => {
  afterEach(stopServices);

  it('is made good at the next start, whose log tells of it', async () => {
    const destination = await FakeDestination.start();
    const store = await freshStore();
    await crash(destination, store);
    const service = await startPaging(destination, store);
    expect(await settled(service, 'evt_1')).toMatchObject([{ status: 'delivered' }]);
    expect(service.log).toContainEqual(
      expect.objectContaining({
        released: 1,
        msg: 'deliveries of the process before this one were in flight',
      }),
    );
    await destination.stop();
  });
});
