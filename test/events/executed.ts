import { Database } from '../../src/database/database';
import type { RunningService } from '../harness/service';

/** A statement as it went to the database. */
export interface Executed {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

type Query = (sql: string, parameters?: readonly unknown[], ...rest: unknown[]) => Promise<unknown>;

/**
 * Writes down every statement of all services of this process that use the same sort of database; all of them go
 * through TypeORM's query runner. `jest.restoreAllMocks()` ends it.
 */
export async function writeDownStatements({ app }: RunningService): Promise<Executed[]> {
  const executed: Executed[] = [];
  const reading = app.get(Database).read.connection.createQueryRunner();
  const writing = await app.get(Database).write((tx) => Promise.resolve(tx.queryRunner));
  // One and the same on PostgreSQL.
  const prototypes = new Set(
    [reading, writing].map((runner) => Object.getPrototypeOf(runner) as { query: Query }),
  );
  for (const prototype of prototypes) {
    const { query } = prototype;
    jest.spyOn(prototype, 'query').mockImplementation(function (this: unknown, sql, parameters, ...rest) {
      executed.push({ sql, parameters: parameters ?? [] });
      return query.call(this, sql, parameters, ...rest);
    });
  }
  return executed;
}
