import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What answers show in the place of a header's value, and from now on the definition holds. */
const REDACTED = '[redacted]';

/** So many rows are read at a time. */
const BATCH_SIZE = 500;

/**
 * The values of the headers that monitors send stand in a column of their own, where the next start seals them. The
 * same on both databases.
 */
export class MonitorHeaders1764115200000 implements MigrationInterface {
  readonly name = 'MonitorHeaders1764115200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE monitors ADD COLUMN header_values TEXT');
    for (let after = ''; ;) {
      const rows = await nextRows(runner, after);
      for (const row of rows) await takeApart(runner, row);
      if (rows.length < BATCH_SIZE) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  /** Migrations go forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

interface Row {
  readonly id: string;
  readonly definition: string;
}

async function nextRows(runner: QueryRunner, after: string): Promise<Row[]> {
  const { type } = runner.dataSource.options;
  const parameter = type === 'postgres' ? '$1' : '?';
  return (await runner.query(
    `SELECT id, definition FROM monitors WHERE type = 'http' AND id > ${parameter} ORDER BY id LIMIT ${BATCH_SIZE}`,
    [after],
  )) as Row[];
}

async function takeApart(runner: QueryRunner, { id, definition: text }: Row): Promise<void> {
  const definition = JSON.parse(text) as { readonly headers: Readonly<Record<string, string>> };
  const names = Object.keys(definition.headers);
  if (names.length === 0) return;
  const headers = Object.fromEntries(names.map((name) => [name, REDACTED]));
  const [first, second, third] =
    runner.dataSource.options.type === 'postgres' ? ['$1', '$2', '$3'] : ['?', '?', '?'];
  await runner.query(
    `UPDATE monitors SET definition = ${first}, header_values = ${second} WHERE id = ${third}`,
    [JSON.stringify({ ...definition, headers }), JSON.stringify(definition.headers), id],
  );
}
