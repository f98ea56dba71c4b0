import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { reseal, type SealedColumn } from '../../secrets/reseal';
import { UnreadableSecretError } from '../../secrets/sealed-text';
import { SecretBox } from '../../secrets/secret-box';
import type { MonitorDefinition } from '../model/monitor';
import { redactHeaders } from '../model/redacted-headers';
import type { MonitorEntity } from './monitor.entity';

// Both by hand: TypeORM's own type of what can be written has no end where a column holds any JSON.
const INSERT = new Statement(
  () => `
  INSERT INTO monitors
    (id, account_id, type, name, definition, header_values, revision, origin, origin_key, token, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);

const CHANGE = new Statement<{ id: string }>(
  () => `
  UPDATE monitors SET definition = ?, header_values = ?, name = ?, revision = revision + 1, updated_at = ?
  WHERE id = ? AND revision = ? RETURNING id`,
);

const contextOf = (id: string): string => `headers of monitor ${id}`;

const HEADER_VALUES: SealedColumn = {
  table: 'monitors',
  key: 'id',
  column: 'header_values',
  contextOf,
};

/**
 * Writes monitors into their table and reads them from it. The values of the headers that they send may be credentials of
 * the targets': they stand apart from the definition, sealed.
 */
@Injectable()
export class MonitorRows implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Brings the values that earlier keys have sealed, and those that were stored plain, under the current key. */
  onApplicationBootstrap(): Promise<void> {
    return reseal(this.database, this.box, HEADER_VALUES);
  }

  /**
   * Adds a monitor, and gives it as `opened` would.
   *
   * @throws EncryptionKeyMissingError where it has headers and there is no key
   */
  async insert(tx: EntityManager, monitor: Omit<MonitorEntity, 'header_values'>): Promise<MonitorEntity> {
    const { id, account_id, type, name, definition, revision, origin, origin_key, token } = monitor;
    const { created_at, updated_at } = monitor;
    const header_values = this.sealedValues(id, definition);
    const fields = [id, account_id, type, name, stored(definition), header_values, revision, origin];
    await INSERT.run(tx, [...fields, origin_key, token, created_at, updated_at]);
    return { ...monitor, header_values };
  }

  /**
   * Gives a monitor another definition; false where it was changed or deleted since it was read.
   *
   * @throws EncryptionKeyMissingError as `insert`
   */
  async change(
    tx: EntityManager,
    { id, revision }: Pick<MonitorEntity, 'id' | 'revision'>,
    definition: MonitorDefinition,
    now: number,
  ): Promise<boolean> {
    const header_values = this.sealedValues(id, definition);
    const values = [stored(definition), header_values, definition.name, now, id, revision];
    return (await CHANGE.run(tx, values)).length > 0;
  }

  /** A monitor as its owner defined it. Headers that no key opens stay redacted: nobody can send them. */
  opened(row: MonitorEntity): MonitorEntity {
    const { id, definition, header_values } = row;
    if (definition.type === 'heartbeat' || header_values === null) return row;
    try {
      const headers = JSON.parse(this.box.open(header_values, contextOf(id))) as Record<string, string>;
      return { ...row, definition: { ...definition, headers } };
    } catch (error) {
      // The start has told of it, and each check is unknown for this reason.
      if (error instanceof UnreadableSecretError) return row;
      throw error;
    }
  }

  private sealedValues(id: string, definition: MonitorDefinition): string | null {
    if (definition.type === 'heartbeat' || Object.keys(definition.headers).length === 0) return null;
    return this.box.seal(JSON.stringify(definition.headers), contextOf(id));
  }
}

function stored(definition: MonitorDefinition): string {
  return JSON.stringify(redactHeaders(definition));
}
