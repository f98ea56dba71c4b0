import { Logger } from '@nestjs/common';
import type { Database } from '../database/database';
import { Statement } from '../database/statement';
import { UnreadableSecretError } from './sealed-text';
import type { SecretBox } from './secret-box';

/** So many rows are read at a time. */
const BATCH_SIZE = 500;

/** A column of sealed texts, one in each row of a table. */
export interface SealedColumn {
  readonly table: string;
  /** The table's key, which is text. */
  readonly key: string;
  readonly column: string;
  /** What a row's text is sealed as. */
  readonly contextOf: (key: string) => string;
}

interface Row {
  readonly id: string;
  readonly text: string;
}

/**
 * Seals again what an older key has sealed, and for the first time what never was. Several processes may do so at
 * once: a row is changed only where it still holds what was read.
 */
export async function reseal(database: Database, box: SecretBox, column: SealedColumn): Promise<void> {
  const { table, key, column: name, contextOf } = column;
  const page = new Statement<Row>(
    () => `SELECT ${key} AS id, ${name} AS text FROM ${table}
      WHERE ${key} > ? AND ${name} IS NOT NULL ORDER BY ${key} LIMIT ${BATCH_SIZE}`,
  );
  const replace = new Statement(() => `UPDATE ${table} SET ${name} = ? WHERE ${key} = ? AND ${name} = ?`);
  const counts = { table, resealed: 0, unreadable: 0 };
  for (let after = ''; ;) {
    const rows = await page.run(database.read, [after]);
    const changes: [string, string, string][] = [];
    for (const row of rows.filter(({ text }) => !box.isCurrent(text))) {
      const opened = openOrNull(box, row.text, contextOf(row.id));
      if (opened === null) counts.unreadable++;
      else changes.push([box.seal(opened, contextOf(row.id)), row.id, row.text]);
    }
    if (changes.length > 0) {
      await database.write(async (tx) => {
        for (const change of changes) await replace.run(tx, change);
      });
    }
    counts.resealed += changes.length;
    if (rows.length < BATCH_SIZE) break;
    after = rows.at(-1)?.id ?? after;
  }
  const logger = new Logger('Secrets');
  if (counts.resealed > 0) logger.log(counts, 'secrets sealed with the current key');
  if (counts.unreadable > 0) {
    logger.error(
      counts,
      'secrets that no key opens: set ENCRYPTION_KEY_PREVIOUS to the key they were sealed with',
    );
  }
}

function openOrNull(box: SecretBox, text: string, context: string): string | null {
  try {
    return box.open(text, context);
  } catch (error) {
    if (!(error instanceof UnreadableSecretError)) throw error;
    return null;
  }
}
