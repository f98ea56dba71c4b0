import type { Database } from '../../database/database';
import { Statement } from '../../database/statement';

/** Knows up to which place in the order of revisions nothing can appear any more. */
export interface SettledPlaces {
  /** The last place of which this is sure; null before the first. It never goes back. */
  find(): Promise<number | null>;
  /** The last place that was taken. Whoever knows of a later one knows it from another database, or from a later state of it. */
  last(): Promise<number>;
}

export function settledPlacesOf(database: Database): SettledPlaces {
  return database.dialect === 'postgres' ? new PostgresPlaces(database) : new SqlitePlaces(database);
}

const LAST_ON_SQLITE = new Statement<{ place: number | null }>(
  () => 'SELECT max(seq) AS place FROM event_revisions',
);

/** One transaction at a time: whatever is committed comes before whatever is not. */
class SqlitePlaces implements SettledPlaces {
  constructor(private readonly database: Database) {}

  find(): Promise<number> {
    return this.last();
  }

  async last(): Promise<number> {
    const [row] = await LAST_ON_SQLITE.run(this.database.read);
    return row?.place ?? 0;
  }
}

const LAST_ON_POSTGRES = new Statement<{ place: number }>(
  () => 'SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END AS place FROM event_revisions_seq',
);

/**
 * `oldest`: whatever runs has begun as that or later. `next`: the number that this very statement takes, and so above
 * that of everybody who has begun before it. The end of the snapshot is not: it is one behind the last transaction that is
 * over, and those behind it may be running already.
 */
const SNAPSHOT = new Statement<{ oldest: string; next: string }>(
  () => `
  SELECT CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS oldest, CAST(pg_current_xact_id() AS text) AS next`,
);

/** A place, and the transaction before which all have begun that took one up to it. */
interface Mark {
  readonly place: number;
  readonly next: bigint;
}

/**
 * Transactions run side by side, and one that took an early place may commit after one that took a later place. Whoever
 * takes places has begun before (`STORE_ON_POSTGRES` sees to that), so once all transactions are over that had begun
 * when a place was the last one taken, nothing can appear up to it.
 */
class PostgresPlaces implements SettledPlaces {
  private settled: number | null = null;
  private mark: Mark | null = null;

  constructor(private readonly database: Database) {}

  async find(): Promise<number | null> {
    const place = await this.last();
    // Each look at the snapshot uses up a transaction's number.
    if (place === this.settled) return place;
    // Not before the place is known: the snapshot has to know of everybody who took one.
    const [snapshot] = await SNAPSHOT.run(this.database.read);
    const oldest = BigInt(snapshot?.oldest ?? 0);
    const next = BigInt(snapshot?.next ?? 0);
    if (oldest === next) this.settle(place);
    else if (this.mark !== null && oldest >= this.mark.next) this.settle(this.mark.place);
    this.mark ??= { place, next };
    return this.settled;
  }

  async last(): Promise<number> {
    const [row] = await LAST_ON_POSTGRES.run(this.database.read);
    return row?.place ?? 0;
  }

  private settle(place: number): void {
    this.settled = Math.max(this.settled ?? 0, place);
    this.mark = null;
  }
}
