import { Module, type DynamicModule } from '@nestjs/common';
import { Settings } from '../config/settings';
import { Database } from './database';
import { PostgresDatabase } from './postgres-database';
import { SqliteDatabase } from './sqlite-database';
import type { Entities } from './sqlite-connection';

/** Opens the database before anything else starts; whatever stores something injects `Database`. */
@Module({})
export class DatabaseModule {
  /** `entities`: the classes of all features, because this module knows none of them. */
  static with(entities: Entities): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          inject: [Settings],
          useFactory: (settings: Settings) => open(settings, entities),
        },
      ],
      exports: [Database],
    };
  }
}

function open(settings: Settings, entities: Entities): Promise<Database> {
  if (!settings.isPostgres) return SqliteDatabase.open(settings.sqlitePath, entities);
  return PostgresDatabase.open({
    url: settings.DATABASE_URL,
    replicaUrl: settings.DATABASE_REPLICA_URL,
    poolSize: settings.DATABASE_POOL_MAX,
    entities,
  });
}
