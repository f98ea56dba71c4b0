import { Module, type DynamicModule } from '@nestjs/common';
import { Settings } from '../config/settings';
import { Database } from './database';
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
          useFactory: (settings: Settings) => Database.open(settings.sqlitePath, entities),
        },
      ],
      exports: [Database],
    };
  }
}
