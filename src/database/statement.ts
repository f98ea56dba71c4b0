import type { EntityManager } from 'typeorm';
import { dialectOf, type Dialect, type DialectName } from './dialect';

/**
 * A statement for both databases: one text, with what differs taken from the dialect. Parameters are written `?`, and
 * so no question mark can stand for anything else.
 *
 * @typeParam Row what it returns a list of
 */
export class Statement<Row = never> {
  private readonly texts = new Map<DialectName, string>();

  constructor(private readonly write: (dialect: Dialect) => string) {}

  /** Runs it through a transaction's or the reader's manager; the parameters in the order of their places. */
  async run(manager: EntityManager, parameters: readonly unknown[] = []): Promise<Row[]> {
    const dialect = dialectOf(manager);
    const answer: unknown = await manager.query(this.textFor(dialect), [...parameters]);
    return isRowsAndCount(answer) ? (answer[0] as Row[]) : (answer as Row[]);
  }

  private textFor(dialect: Dialect): string {
    const known = this.texts.get(dialect.name);
    if (known !== undefined) return known;
    const text = dialect.placeholders(this.write(dialect));
    this.texts.set(dialect.name, text);
    return text;
  }
}

/** On PostgreSQL, TypeORM answers an UPDATE or DELETE with its rows and their number. */
function isRowsAndCount(answer: unknown): answer is [unknown[], number] {
  return (
    Array.isArray(answer) &&
    answer.length === 2 &&
    Array.isArray(answer[0]) &&
    (typeof answer[1] === 'number' || answer[1] === null)
  );
}
