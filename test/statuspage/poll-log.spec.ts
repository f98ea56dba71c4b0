import { stopServices } from '../harness/service';
import { withIncident } from './documents';
import { PageServer } from './page-server';
import { pull, startWithPages } from './polled-service';

it('tells the outcome of every page and poll in one line, and the unexpected once', async () => {
  const server = await PageServer.start();
  server.serveSummary('acme', { body: withIncident({ impact: 'huge' }) });
  server.serveSummary('gone', { status: 404 });
  const service = await startWithPages(server, ['acme', 'gone']);
  await pull(service);
  await pull(service);

  const lines = service.log.filter(({ context }) => context === 'Statuspage');
  expect(lines.filter(({ msg }) => msg === 'status page polled')).toMatchObject([
    { level: 'info', page: 'acme', outcome: 'read', signals: 1, stored: 1, attempts: 1 },
    { level: 'info', page: 'acme', outcome: 'read', signals: 1, stored: 0, attempts: 1 },
  ]);
  const failed = { level: 'warn', page: 'gone', code: 'http_4xx', status: 404, attempts: 1 };
  expect(lines.filter(({ msg }) => msg === 'status page could not be read')).toMatchObject([
    { ...failed, message: expect.stringContaining('check its URL') as string },
    failed,
  ]);
  expect(lines.filter(({ warning }) => warning === 'unknown incident impact "huge"')).toHaveLength(1);
  expect(lines).toHaveLength(5);

  await stopServices();
  await server.close();
});
