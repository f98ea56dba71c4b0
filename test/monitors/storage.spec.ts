import { SYSTEM } from '../../src/accounts/actor';
import { readDefinition } from '../../src/monitors/model/definition';
import type { MonitorDefinition } from '../../src/monitors/model/monitor';
import { MaintenanceWindowsRepository } from '../../src/monitors/storage/maintenance-windows.repository';
import { MonitorsRepository } from '../../src/monitors/storage/monitors.repository';
import { startService, stopServices } from '../harness/service';

afterEach(stopServices);

function definitionOf(fields: Record<string, unknown>): MonitorDefinition {
  const reading = readDefinition(fields);
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.definition;
}

const PAUSED = { name: 'API', url: 'https://api.example.com/', paused: true };
const MINE = { account_id: 'acme', origin: 'api', origin_key: null } as const;

async function repository(): Promise<MonitorsRepository> {
  return (await startService()).app.get(MonitorsRepository, { strict: false });
}

describe('the table of monitors', () => {
  it('keeps a monitor as it was defined, for its account', async () => {
    const monitors = await repository();
    const definition = definitionOf({
      ...PAUSED,
      headers: { 'x-trace': 'on' },
      expect: { json: { '$.ok': [true] } },
    });
    const made = await monitors.create(SYSTEM, { ...MINE, definition });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{16}$/) as string,
      revision: 1,
      token: null,
    });
    expect(await monitors.find('acme', made!.id)).toEqual(made);
    expect(await monitors.find('other', made!.id)).toBeNull();
    expect((await monitors.find('acme', made!.id))!.definition).toEqual(definition);
  });

  it('gives a heartbeat a token to be found by', async () => {
    const monitors = await repository();
    const definition = definitionOf({ type: 'heartbeat', name: 'backup', period_s: 60, paused: true });
    const made = await monitors.create(SYSTEM, { ...MINE, definition });
    expect(made!.token).toMatch(/^[\w-]{32}$/);
    expect(await monitors.findByToken(made!.token!)).toEqual(made);
  });

  it('takes no more than an account may have', async () => {
    const monitors = await repository();
    const monitor = { ...MINE, definition: definitionOf(PAUSED) };
    expect(await monitors.create(SYSTEM, monitor, 1)).not.toBeNull();
    expect(await monitors.create(SYSTEM, monitor, 1)).toBeNull();
    expect(await monitors.create(SYSTEM, { ...monitor, account_id: 'other' }, 1)).not.toBeNull();
  });

  it('changes only what was read, and lists in pages', async () => {
    const monitors = await repository();
    const [one, two] = [
      await monitors.create(SYSTEM, { ...MINE, definition: definitionOf(PAUSED) }),
      await monitors.create(SYSTEM, { ...MINE, definition: definitionOf(PAUSED) }),
    ];
    const changed = await monitors.change(SYSTEM, one!, definitionOf({ ...PAUSED, name: 'Shop' }));
    expect(changed).toMatchObject({ id: one!.id, name: 'Shop', revision: 2 });
    expect(await monitors.change(SYSTEM, one!, definitionOf({ ...PAUSED, name: 'Late' }))).toBeNull();
    const [first] = await monitors.list('acme', 1);
    const rest = await monitors.list('acme', 5, first!.id);
    expect([first!, ...rest].map(({ id }) => id)).toEqual([one!.id, two!.id].toSorted());
    expect(await monitors.remove(SYSTEM, two!)).toBe(true);
    expect(await monitors.remove(SYSTEM, two!)).toBe(false);
    expect(await monitors.statesOf([one!.id, two!.id])).toMatchObject([
      { monitor_id: one!.id, version: 2, next_at: null },
    ]);
  });
});

describe('the table of maintenance windows', () => {
  it('keeps, changes, lists and removes them', async () => {
    const windows = (await startService()).app.get(MaintenanceWindowsRepository, { strict: false });
    const schedule = { repeats: 'once', starts_at: 1_000, ends_at: 2_000 } as const;
    const made = await windows.create(SYSTEM, { ...MINE, name: 'move', monitor_ids: ['a'], schedule });
    expect(await windows.change(SYSTEM, made!, { monitor_ids: null })).toMatchObject({
      name: 'move',
      monitor_ids: null,
      schedule,
    });
    expect(await windows.list('acme', 5)).toHaveLength(1);
    expect(await windows.ofAccounts(['acme', 'other'])).toHaveLength(1);
    expect(await windows.remove(SYSTEM, { account_id: 'other', id: made!.id })).toBe(false);
    expect(await windows.remove(SYSTEM, made!)).toBe(true);
    expect(await windows.find('acme', made!.id)).toBeNull();
  });
});
