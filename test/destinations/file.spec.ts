import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restart } from '../delivery/paging-service';
import { startChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { startService, stopServices, type RunningService } from '../harness/service';
import { freshStore } from '../harness/store';
import { temporaryFolder } from '../harness/temporary-folder';
import { SECRET, type ShownDestination } from './own-destinations';

interface FileDestination extends ShownDestination {
  readonly type: string;
  readonly origin: string;
}

let path: string;
beforeEach(() => {
  const folder = temporaryFolder();
  path = join(folder, 'destinations.yaml');
  writeFileSync(join(folder, 'hook-secret'), SECRET);
});
afterEach(stopServices);

const hook = (name: string, host = 'a.example', more = ''): string =>
  `  - {name: ${name}, type: webhook, settings: {url: "https://${host}/", secret: "file:hook-secret"}${more}}\n`;

const write = (...entries: string[]): void =>
  writeFileSync(path, entries.length === 0 ? 'destinations: []\n' : `destinations:\n${entries.join('')}`);

const start = (): Promise<RunningService> => startService({ DESTINATIONS_FILE: path });

/** The same in a process of its own, which is to end again, without a key for secrets. */
const startApart = async (): Promise<unknown> =>
  startChildService({ ...(await freshStore()), ENCRYPTION_KEY: undefined, DESTINATIONS_FILE: path });

async function shown({ client }: RunningService): Promise<ReadonlyMap<string, FileDestination>> {
  const { body } = await client.get<{ destinations: FileDestination[] }>('/destinations');
  return new Map(body.destinations.map((one) => [one.name, one]));
}

/** As a signal to the process would. */
const hangUp = (): boolean => process.emit('SIGHUP', 'SIGHUP');

describe('the file of destinations', () => {
  it('is there from the start on, stays the same, and is followed at SIGHUP', async () => {
    write(hook('on-call'), hook('gone'));
    const first = await start();
    const before = await shown(first);
    expect([...before.keys()].sort()).toEqual(['gone', 'on-call']);
    expect(before.get('on-call')).toMatchObject({
      origin: 'file',
      settings: { url: 'https://a.example/', secret: '[redacted]' },
    });
    const service = await restart(first);
    expect(await shown(service)).toEqual(before);
    write(hook('on-call', 'b.example', ', enabled: false'), hook('new'));
    hangUp();
    await eventually(async () =>
      expect([...(await shown(service)).keys()].sort()).toEqual(['new', 'on-call']),
    );
    expect((await shown(service)).get('on-call')).toMatchObject({
      id: before.get('on-call')!.id,
      enabled: false,
      settings: { url: 'https://b.example/' },
    });
    const { entries } = (await service.client.get('/audit')).body as {
      entries: readonly { action: string; by: { kind: string } }[];
    };
    expect(entries.map(({ action, by }) => `${action} by ${by.kind}`).toReversed()).toEqual([
      'destination.added by system',
      'destination.added by system',
      'destination.deleted by system',
      'destination.changed by system',
      'destination.added by system',
    ]);
    expect(JSON.stringify([entries, service.log])).not.toContain(SECRET.slice('whsec_'.length));
  });

  it('is not changed by the API, and changes nothing that the API has made under other names', async () => {
    write(hook('on-call'));
    const service = await start();
    const own = { name: 'own', type: 'webhook', settings: { url: 'https://c.example/', secret: SECRET } };
    const made = await service.client.post('/destinations', own);
    const { id } = (await shown(service)).get('on-call')!;
    const refusal = { status: 409, body: { code: 'managed_by_file' } };
    expect(await service.client.post(`/destinations/${id}`, {}, {}, 'PATCH')).toMatchObject(refusal);
    expect(await service.client.get(`/destinations/${id}`, { method: 'DELETE' })).toMatchObject(refusal);
    write();
    hangUp();
    await eventually(async () => expect([...(await shown(service)).keys()]).toEqual(['own']));
    expect((await shown(service)).get('own')).toEqual(made.body);
  });

  it('takes over what the API has made under its names, and makes another type anew', async () => {
    write();
    const service = await start();
    const own = { type: 'webhook', settings: { url: 'https://c.example/', secret: SECRET } };
    const { id } = (await service.client.post('/destinations', { ...own, name: 'same' })).body;
    const other = (await service.client.post('/destinations', { ...own, name: 'other' })).body;
    write(hook('same'), '  - {name: other, type: slack, settings: {url: "https://hooks.slack.example/x"}}\n');
    hangUp();
    await eventually(async () => {
      const found = await shown(service);
      expect(found.get('same')).toMatchObject({
        id,
        origin: 'file',
        settings: { url: 'https://a.example/' },
      });
      expect(found.get('other')).toMatchObject({ type: 'slack', origin: 'file' });
    });
    expect((await shown(service)).get('other')!.id).not.toBe(other['id']);
  });

  it('leaves what routes name, says so, and takes it away once they do not', async () => {
    write(hook('used'), hook('free'));
    const service = await start();
    const setRoutes = (routes: readonly object[]): Promise<unknown> =>
      service.client.post('/routes', { routes }, {}, 'PUT');
    await setRoutes([{ name: 'Nights', to: ['used'] }]);
    write(hook('new'));
    hangUp();
    const line = { level: 'error', msg: 'a destination is not as DESTINATIONS_FILE says' };
    await eventually(() =>
      expect(service.log).toContainEqual(
        expect.objectContaining({ ...line, account_id: 'default', name: 'used', routes: ['Nights'] }),
      ),
    );
    expect([...(await shown(service)).keys()].sort()).toEqual(['new', 'used']);
    await setRoutes([]);
    hangUp();
    await eventually(async () => expect([...(await shown(service)).keys()]).toEqual(['new']));
  });

  it('with a fault stops the start, and at SIGHUP changes nothing', async () => {
    write(hook('on call'));
    await expect(startApart()).rejects.toThrow(
      /ended with 1: DESTINATIONS_FILE \(.*\) cannot be used:\n {2}- line 2: destinations\[0\]: name must be 1 to 64/,
    );
    write(hook('on-call'));
    const service = await start();
    const before = await shown(service);
    write(hook('on-call', 'b.example').replace('hook-secret', 'no-such-file'));
    hangUp();
    await eventually(() =>
      expect(service.log).toContainEqual(
        expect.objectContaining({
          level: 'error',
          msg: 'DESTINATIONS_FILE could not be applied: destinations stay as they are',
        }),
      ),
    );
    expect(await shown(service)).toEqual(before);
  });

  if (globalThis.PROFILE === 'scaled') {
    it('is not used without ENCRYPTION_KEY', async () => {
      write(hook('on-call'));
      await expect(startApart()).rejects.toThrow('It needs ENCRYPTION_KEY');
    });
  }
});
