import type { DataSource } from 'typeorm';
import type { DialectName } from './dialect';
import { Initial1763596800000 } from './migrations/1763596800000-initial';
import { InitialPostgres1763596800000 } from './migrations/1763596800000-initial-postgres';
import { Tenants1763683200000 } from './migrations/1763683200000-tenants';
import { Monitors1763769600000 } from './migrations/1763769600000-monitors';
import { People1763942400000 } from './migrations/1763942400000-people';
import { Destinations1764028800000 } from './migrations/1764028800000-destinations';
import { MonitorHeaders1764115200000 } from './migrations/1764115200000-monitor-headers';
import { DestinationOrigin1764115260000 } from './migrations/1764115260000-destination-origin';
import { Routes1764201600000 } from './migrations/1764201600000-routes';
import { Holds1764288000000 } from './migrations/1764288000000-holds';
import { Slos1764374400000 } from './migrations/1764374400000-slos';
import { Telemetry1764460800000 } from './migrations/1764460800000-telemetry';
import { PublicPages1764547200000 } from './migrations/1764547200000-public-pages';
import { AuditFilters1764547260000 } from './migrations/1764547260000-audit-filters';
import { AccountObjectives1764633600000 } from './migrations/1764633600000-account-objectives';

/** All migrations, oldest first. They go forward only. */
export const migrations = {
  sqlite: [
    Initial1763596800000,
    Tenants1763683200000,
    Monitors1763769600000,
    People1763942400000,
    Destinations1764028800000,
    MonitorHeaders1764115200000,
    DestinationOrigin1764115260000,
    Routes1764201600000,
    Holds1764288000000,
    Slos1764374400000,
    Telemetry1764460800000,
    PublicPages1764547200000,
    AuditFilters1764547260000,
    AccountObjectives1764633600000,
  ],
  postgres: [
    InitialPostgres1763596800000,
    Tenants1763683200000,
    Monitors1763769600000,
    People1763942400000,
    Destinations1764028800000,
    MonitorHeaders1764115200000,
    DestinationOrigin1764115260000,
    Routes1764201600000,
    Holds1764288000000,
    Slos1764374400000,
    Telemetry1764460800000,
    PublicPages1764547200000,
    AuditFilters1764547260000,
    AccountObjectives1764633600000,
  ],
} as const satisfies Record<DialectName, unknown>;

/** Whether this version knows migrations that the database has not had. One that had more is fine. */
export async function hasPending(source: DataSource): Promise<boolean> {
  const applied: { name: string }[] = await source.query('SELECT name FROM migrations');
  const names = new Set(applied.map(({ name }) => name));
  const dialect = source.options.type === 'postgres' ? 'postgres' : 'sqlite';
  return migrations[dialect].some(({ name }) => !names.has(name));
}
