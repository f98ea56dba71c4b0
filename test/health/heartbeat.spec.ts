import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Draining } from '../../src/health/draining';
import { Heartbeat } from '../../src/health/heartbeat';
import { startService, stopServices } from '../harness/service';

describe('the heartbeat', () => {
  afterEach(stopServices);

  it('is sent while the service is ready, and not while it stops', async () => {
    const paths: string[] = [];
    const watcher = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.end();
    });
    await new Promise<void>((resolve) => watcher.listen(0, '127.0.0.1', resolve));
    const { port } = watcher.address() as AddressInfo;
    const service = await startService({ HEARTBEAT_URL: `http://127.0.0.1:${port}/beat` });

    await service.app.get(Heartbeat).beat();
    expect(paths).toEqual(['GET /beat']);

    service.app.get(Draining).start();
    await service.app.get(Heartbeat).beat();
    expect(paths).toHaveLength(1);
    watcher.closeAllConnections();
    watcher.close();
  });

  it('that nobody takes is logged and harms nothing', async () => {
    const service = await startService({ HEARTBEAT_URL: 'http://127.0.0.1:9/beat' });
    await service.app.get(Heartbeat).beat();
    expect(service.log.map(({ msg }) => msg)).toContain('the heartbeat could not be sent');
    expect((await service.client.get('/readyz')).status).toBe(200);
  });
});
