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
import { FileLife } from '../../definition-files/file-life';
import { textOfFile } from '../../definition-files/file-text';
import { InvalidFileError } from '../../definition-files/invalid-file';
import { userTargets } from '../../reliability/address-guard';
import { MaintenanceWindowsRepository } from '../storage/maintenance-windows.repository';
import { MonitorsRepository } from '../storage/monitors.repository';
import { planMonitors, planWindows, storedFields } from './file-plan';
import { readMonitorsFile, type MonitorsFile } from './monitors-file';
import { planView, type PlanView } from './plan-view';

/** Another process that reads the same file may be faster now and then; what is left is planned anew. */
const ROUNDS = 3;

/**
 * Keeps what MONITORS_FILE says: at the start, at SIGHUP, and when somebody asks for it. Each change is a transaction of
 * its own, and a run that is cut off is completed by the next one. What the API has made is never touched; without the
 * setting nothing is.
 */
@Injectable()
export class MonitorsFileSync implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Monitors');
  private readonly life = new FileLife(
    () => this.applyNow(),
    (error) =>
      this.logger.error({ err: error }, 'MONITORS_FILE could not be applied: monitors stay as they are'),
  );

  constructor(
    private readonly settings: Settings,
    private readonly monitors: MonitorsRepository,
    private readonly windows: MaintenanceWindowsRepository,
  ) {}

  get isConfigured(): boolean {
    return this.settings.MONITORS_FILE !== undefined;
  }

  /**
   * Before anything runs that would have to be stopped again.
   *
   * @throws InvalidFileError where the file has faults: the service then does not start
   */
  async onModuleInit(): Promise<void> {
    if (this.isConfigured) await this.read();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.isConfigured) await this.life.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.life.stop();
  }

  /**
   * What would be done.
   *
   * @throws InvalidFileError
   */
  async plan(): Promise<PlanView> {
    return this.compare(await this.read());
  }

  /**
   * Does it, and answers what was done.
   *
   * @throws InvalidFileError before anything is done
   */
  apply(): Promise<PlanView> {
    return this.life.run();
  }

  private async applyNow(): Promise<PlanView> {
    const file = await this.read();
    const planned = await this.compare(file);
    for (let round = 1; round <= ROUNDS; round++) {
      try {
        await this.applyMonitors(file);
        await this.applyWindows(file);
      } catch (error) {
        if (round === ROUNDS) throw error;
        this.logger.warn({ err: error }, 'MONITORS_FILE: planning anew what is left');
      }
      if (!(await this.isReached(file))) continue;
      const { changes, unchanged } = planned;
      this.logger.log({ changes: changes.length, unchanged }, 'MONITORS_FILE applied');
      return planned;
    }
    throw new Error('MONITORS_FILE: somebody else keeps changing what it has made');
  }

  private async isReached(file: MonitorsFile): Promise<boolean> {
    return (await this.compare(file)).changes.length === 0;
  }

  private async compare({ monitors, maintenance_windows }: MonitorsFile): Promise<PlanView> {
    const [rows, windows] = await Promise.all([this.monitors.ofFile(), this.windows.ofFile()]);
    return planView(planMonitors(rows, monitors), planWindows(windows, maintenance_windows, rows));
  }

  private async applyMonitors(file: MonitorsFile): Promise<void> {
    const { remove, change, create } = planMonitors(await this.monitors.ofFile(), file.monitors);
    for (const { row } of remove) await this.monitors.remove(SYSTEM, row);
    for (const { stored, wanted } of change) {
      await this.monitors.change(SYSTEM, stored.row, wanted.definition);
    }
    for (const { account_id, key, definition } of create) {
      const monitor = { account_id, definition, origin: 'file', origin_key: key } as const;
      await this.monitors.create(SYSTEM, monitor);
    }
  }

  /** After the monitors, whose ids windows are stored with. */
  private async applyWindows(file: MonitorsFile): Promise<void> {
    const [monitors, rows] = await Promise.all([this.monitors.ofFile(), this.windows.ofFile()]);
    const { remove, change, create } = planWindows(rows, file.maintenance_windows, monitors);
    for (const { row } of remove) await this.windows.remove(SYSTEM, row);
    for (const { stored, wanted } of change) {
      await this.windows.change(SYSTEM, stored.row, storedFields(wanted.window, monitors));
    }
    for (const { account_id, key, window } of create) {
      const fields = storedFields(window, monitors);
      await this.windows.create(SYSTEM, { account_id, ...fields, origin: 'file', origin_key: key });
    }
  }

  private async read(): Promise<MonitorsFile> {
    const path = this.settings.MONITORS_FILE ?? '';
    const addresses = userTargets(this.settings);
    const text = await textOfFile('MONITORS_FILE', path);
    const reading = readMonitorsFile(text, { environment: processEnvironment(), addresses });
    if ('faults' in reading) throw new InvalidFileError('MONITORS_FILE', path, reading.faults);
    return reading.file;
  }
}
