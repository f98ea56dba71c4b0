import type { EntityManager } from 'typeorm';
import { LeaseEntity } from '../../src/roles/lease.entity';
import { describeOnBoth } from './both-databases';

describeOnBoth('a long read', (database) => {
  const count = (reader: EntityManager): Promise<number> => reader.count(LeaseEntity);
  let made = 0;
  const write = (): Promise<unknown> =>
    database().write((tx) =>
      tx.insert(LeaseEntity, { name: `lease-${++made}`, holder: '', token: 1, until: 0, note: null }),
    );

  it('sees what was committed before it, and nothing that is written meanwhile', async () => {
    await write();
    const seen = await database().longRead(async (reader) => {
      const before = await count(reader);
      await write();
      return [before, await count(reader)];
    });
    expect(seen[1]).toBe(seen[0]);
    expect(await database().longRead(count)).toBe(seen[0]! + 1);
  });

  // 25006: read_only_sql_transaction (https://www.postgresql.org/docs/current/errcodes-appendix.html).
  it('writes nothing', async () => {
    const before = await database().longRead(count);
    await expect(database().longRead((reader) => reader.delete(LeaseEntity, { token: 1 }))).rejects.toThrow(
      /SQLITE_READONLY|25006/,
    );
    expect(await database().longRead(count)).toBe(before);
  });

  it('fails alone', async () => {
    const failing = database().longRead(() => Promise.reject(new Error('my own fault')));
    const next = database().longRead(count);
    await expect(failing).rejects.toThrow('my own fault');
    await expect(next).resolves.toBeGreaterThan(0);
  });

  it('leaves the event loop free', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await database().longRead((reader) =>
      reader.query(
        'WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000000) SELECT count(*) AS count FROM n',
      ),
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
