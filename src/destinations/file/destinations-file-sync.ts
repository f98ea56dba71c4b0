import { dirname } from 'node:path';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SYSTEM } from '../../accounts/actor';
import { processEnvironment } from '../../config/environment';
import { Settings } from '../../config/settings';
import { StorageUnavailableError } from '../../database/storage-error';
import { FileLife } from '../../definition-files/file-life';
import { textOfFile } from '../../definition-files/file-text';
import { InvalidFileError } from '../../definition-files/invalid-file';
import { plan, type Plan, type Planned } from '../../definition-files/plan';
import { SecretBox } from '../../secrets/secret-box';
import { DestinationInUseError } from '../destination-uses';
import type { DestinationEntity } from '../destination.entity';
import { DestinationsRepository, type NewDestination } from '../destinations.repository';
import { Kinds } from '../kinds';
import { readDestinationsFile } from './destinations-file';

/** Another process that reads the same file may be faster now and then; what is left is planned anew. */
const ROUNDS = 3;

interface Stored extends Planned {
  readonly row: DestinationEntity;
}

interface Wanted extends Planned {
  readonly destination: NewDestination;
}

/** A destination that cannot be made as the file says. */
interface Failure {
  readonly place: Pick<Planned, 'account_id' | 'key'>;
  readonly error: unknown;
}

/**
 * Keeps what DESTINATIONS_FILE says: at the start and at SIGHUP. Each change is a transaction of its own. One of a name
 * that the API has made becomes the file's; all others of the API's are never touched. A fault of the file stops the
 * start; what one account has made of its destinations since, never does: it is told in the log. So is one that is to go and
 * that routes name: it stays until they do not.
 */
@Injectable()
export class DestinationsFileSync implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Destinations');
  private readonly life = new FileLife(
    () => this.apply(),
    (error) =>
      this.logger.error(
        { err: error },
        'DESTINATIONS_FILE could not be applied: destinations stay as they are',
      ),
  );

  constructor(
    private readonly settings: Settings,
    private readonly destinations: DestinationsRepository,
    private readonly kinds: Kinds,
    private readonly box: SecretBox,
  ) {}

  /**
   * Before anything runs that would have to be stopped again.
   *
   * @throws InvalidFileError where the file has faults: the service then does not start
   */
  async onModuleInit(): Promise<void> {
    if (this.settings.DESTINATIONS_FILE !== undefined) await this.read();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.DESTINATIONS_FILE !== undefined) await this.life.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.life.stop();
  }

  private async apply(): Promise<void> {
    const wanted = await this.read();
    let failures: readonly Failure[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const planned = await this.plan(wanted);
      const count = planned.remove.length + planned.change.length + planned.create.length;
      if (round > 1 && count === 0) break;
      failures = await this.carryOut(planned);
      if (round === 1)
        this.logger.log({ changes: count, unchanged: planned.unchanged }, 'DESTINATIONS_FILE applied');
      if (failures.length === 0) break;
    }
    for (const { place, error } of failures) {
      const uses = error instanceof DestinationInUseError ? { routes: error.uses } : {};
      const line = { account_id: place.account_id, name: place.key, ...uses, err: error };
      this.logger.error(line, 'a destination is not as DESTINATIONS_FILE says');
    }
  }

  private async plan(wanted: readonly NewDestination[]): Promise<Plan<Stored, Wanted>> {
    const stored = await this.destinations.ofFile();
    return plan(
      stored.map(({ row, settings }) => ({
        account_id: row.account_id,
        key: row.name,
        fields: { type: row.type, enabled: row.enabled, settings },
        row,
      })),
      wanted.map((destination) => {
        const { account_id, name, type, enabled, settings } = destination;
        return { account_id, key: name, fields: { type, enabled, settings }, destination };
      }),
    );
  }

  /** First what goes: another type is another destination of the same name. */
  private async carryOut({ remove, change, create }: Plan<Stored, Wanted>): Promise<readonly Failure[]> {
    const steps = [
      ...remove.map((place) => ({ place, run: () => this.destinations.markDeleted(SYSTEM, place.row.id) })),
      ...change.map(({ stored, wanted }) => ({
        place: wanted,
        run: () => this.change(stored.row, wanted.destination),
      })),
      ...create.map((place) => ({ place, run: () => this.create(place.destination) })),
    ];
    const failures: Failure[] = [];
    for (const { place, run } of steps) {
      try {
        await run();
      } catch (error) {
        if (error instanceof StorageUnavailableError) throw error;
        failures.push({ place, error });
      }
    }
    return failures;
  }

  private async create(destination: NewDestination): Promise<void> {
    const added = await this.destinations.add(SYSTEM, destination);
    if (typeof added !== 'string') return;
    const known = await this.destinations.findByName(destination.account_id, destination.name);
    if (known === null) throw new Error('somebody else keeps changing it');
    if (known.type === destination.type) return this.change(known, destination);
    await this.destinations.markDeleted(SYSTEM, known.id);
    await this.create(destination);
  }

  private async change({ id }: DestinationEntity, destination: NewDestination): Promise<void> {
    const { enabled, settings, place } = destination;
    await this.destinations.change(SYSTEM, id, {
      enabled,
      next: () => ({ settings, place }),
      origin: 'file',
    });
  }

  private async read(): Promise<readonly NewDestination[]> {
    const path = this.settings.DESTINATIONS_FILE ?? '';
    const text = await textOfFile('DESTINATIONS_FILE', path);
    const context = { environment: processEnvironment(), folder: dirname(path), kinds: this.kinds };
    const reading = await readDestinationsFile(text, context);
    if ('faults' in reading) throw new InvalidFileError('DESTINATIONS_FILE', path, reading.faults);
    if (reading.destinations.length > 0 && !this.box.isReady) {
      const fault = 'It needs ENCRYPTION_KEY: settings of destinations are kept encrypted';
      throw new InvalidFileError('DESTINATIONS_FILE', path, [fault]);
    }
    return reading.destinations;
  }
}
