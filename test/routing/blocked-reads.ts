import type { Database } from '../../src/database/database';

/** Something that stands in the way until it is released. */
export interface Block {
  release(): Promise<void>;
}

/** Keeps long reads of events waiting: on SQLite by taking their turn, on PostgreSQL by a lock of the table. */
export async function blockLongReads(database: Database): Promise<Block> {
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const block = async (): Promise<void> => {
    begun.resolve();
    await over.promise;
  };
  const blocked =
    database.dialect === 'sqlite'
      ? database.longRead(block)
      : database.write(async (tx) => {
          await tx.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
          await block();
        });
  await begun.promise;
  return {
    release: () => {
      over.resolve();
      return blocked;
    },
  };
}
