import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseLostError, Leases } from '../../src/roles/leases';
import { describeOnBoth } from './both-databases';

const LONG_MS = 60_000;
const SHORT_MS = 1;

describeOnBoth('a lease', (database) => {
  let us: Leases;
  let others: Leases;
  let name = '';
  beforeEach(() => {
    us = new Leases(database());
    others = new Leases(database());
    name = expect.getState().currentTestName!;
  });

  const assertHeld = (token: number): Promise<void> =>
    database().write((tx) => us.assertHeld(tx, { name, token }));
  const isOver = async (): Promise<void> => {
    await sleep(2 * SHORT_MS + 1);
  };

  it('is held by one at a time, and goes on when it is given back', async () => {
    expect(await us.take(name, LONG_MS)).toEqual({ name, token: 1 });
    expect(await others.take(name, LONG_MS)).toBeNull();
    expect(await us.take(name, LONG_MS)).toBeNull();
    await us.release({ name, token: 1 });
    expect(await others.take(name, LONG_MS)).toEqual({ name, token: 2 });
  });

  it('goes to one of many who want it at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => new Leases(database()).take(name, LONG_MS)),
    );
    expect(taken.filter((lease) => lease !== null)).toEqual([{ name, token: 1 }]);
  });

  it('can be taken by another once it is over', async () => {
    await us.take(name, SHORT_MS);
    await isOver();
    expect(await others.take(name, LONG_MS)).toEqual({ name, token: 2 });
  });

  it('can be held for longer, also after its end, unless somebody has taken it', async () => {
    const lease = (await us.take(name, SHORT_MS))!;
    await isOver();
    expect(await us.renew(lease, SHORT_MS)).toBe(true);
    await isOver();
    await others.take(name, LONG_MS);
    expect(await us.renew(lease, LONG_MS)).toBe(false);
    expect(await others.find(name)).toMatchObject({ token: 2 });
  });

  it('cannot be held for longer by whoever has given it back', async () => {
    const lease = (await us.take(name, LONG_MS))!;
    await us.release(lease);
    expect(await us.renew(lease, LONG_MS)).toBe(false);
  });

  it('leaves a note for those who wait, which the next holder takes away', async () => {
    const lease = (await us.take(name, LONG_MS))!;
    await us.release(lease, 'what came of it');
    expect(await others.find(name)).toMatchObject({ name, token: 1, until: 0, note: 'what came of it' });
    await others.take(name, LONG_MS);
    expect(await us.find(name)).toMatchObject({ token: 2, note: null });
    expect(await us.find('never taken')).toBeNull();
  });

  it('cannot be given back by whoever has lost it', async () => {
    const lease = (await us.take(name, SHORT_MS))!;
    await isOver();
    await others.take(name, LONG_MS);
    await us.release(lease, 'too late');
    expect(await us.find(name)).toMatchObject({ token: 2, note: null });
    expect(await us.take(name, LONG_MS)).toBeNull();
  });

  it('fences off what is written under an older one', async () => {
    await us.take(name, SHORT_MS);
    await assertHeld(1);
    await isOver();
    // Over, and nobody else's: what was done under it still counts.
    await assertHeld(1);
    await others.take(name, LONG_MS);
    await expect(assertHeld(1)).rejects.toThrow(LeaseLostError);
    await expect(assertHeld(1)).rejects.toThrow(`the lease of ${name} went to another process`);
    await assertHeld(2);
  });

  it('is not taken over while something is written under it', async () => {
    if (database().dialect === 'sqlite') return;
    const lease = (await us.take(name, SHORT_MS))!;
    await isOver();
    const order: string[] = [];
    let taking: Promise<unknown> | undefined;
    await database().write(async (tx) => {
      await us.assertHeld(tx, lease);
      taking = others.take(name, LONG_MS).then(() => order.push('taken'));
      await sleep(100);
      order.push('written');
    });
    await taking;
    expect(order).toEqual(['written', 'taken']);
  });
});
