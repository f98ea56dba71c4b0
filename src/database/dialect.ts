import type { EntityManager } from 'typeorm';

/** The databases that Signalbox runs on. */
export type DialectName = 'sqlite' | 'postgres';

/** What a statement has to say differently on SQLite and on PostgreSQL. Everything else is written once. */
export interface Dialect {
  readonly name: DialectName;
  /**
   * An item of FROM that reads a list of rows from one parameter: the JSON text of an array of arrays. A row's
   * values are `alias.value ->> 0`, …: typed on SQLite and text on PostgreSQL, so numbers need a CAST. `alias.key`
   * keeps their order.
   */
  readonly rows: (alias: string) => string;
  /**
   * An item of FROM behind `rows`: a table's rows that fit each of them, looked up by an index, in the partition where
   * they are. Of a plain join PostgreSQL, which cannot know how few the rows are, may read the whole table instead.
   */
  readonly lookUp: (table: string, alias: string, condition: string) => string;
  /** The end of a condition that a column is among what a SELECT gives, likewise looked up by an index. */
  readonly among: (select: string) => string;
  /** SQLite alone can be told which index to take, and now and then needs it. */
  readonly indexedBy: (index: string) => string;
  /** Locks the rows of a SELECT; one that somebody else holds is waited for. SQLite has one writer at a time. */
  readonly forUpdate: string;
  /** The same, but one that somebody else holds is passed over. */
  readonly forUpdateSkipLocked: string;
  /** The text of a statement whose parameters are written `?`. */
  readonly placeholders: (text: string) => string;
}

const SQLITE: Dialect = {
  name: 'sqlite',
  rows: (alias) => `json_each(?) ${alias}`,
  lookUp: (table, alias, condition) => `JOIN ${table} ${alias} ON ${condition}`,
  among: (select) => `IN (${select})`,
  indexedBy: (index) => `INDEXED BY ${index}`,
  forUpdate: '',
  forUpdateSkipLocked: '',
  placeholders: (text) => text,
};

const POSTGRES: Dialect = {
  name: 'postgres',
  rows: (alias) => `jsonb_array_elements(CAST(? AS jsonb)) WITH ORDINALITY AS ${alias} (value, key)`,
  lookUp: (table, alias, condition) =>
    `CROSS JOIN LATERAL (SELECT * FROM ${table} ${alias} WHERE ${condition} OFFSET 0) ${alias}`,
  among: (select) => `= ANY (ARRAY(${select}))`,
  indexedBy: () => '',
  forUpdate: 'FOR UPDATE',
  forUpdateSkipLocked: 'FOR UPDATE SKIP LOCKED',
  placeholders: (text) => {
    let count = 0;
    return text.replaceAll('?', () => `$${++count}`);
  },
};

/** The dialect of the database behind a manager. */
export function dialectOf(manager: EntityManager): Dialect {
  return manager.dataSource.options.type === 'postgres' ? POSTGRES : SQLITE;
}
