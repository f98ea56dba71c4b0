import { readFile } from 'node:fs/promises';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { processEnvironment } from '../../config/environment';
import { Settings } from '../../config/settings';
import { userTargets } from '../../reliability/address-guard';
import { MaintenanceWindowsRepository } from '../storage/maintenance-windows.repository';
import { MonitorsRepository } from '../storage/monitors.repository';
import { planMonitors, planWindows, storedFields } from './file-plan';
import { InvalidMonitorsFileError } from './invalid-monitors-file';
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
  private readonly onHangup = (): void => void this.reload();
  /** The run that is under way, and those that wait for it. */
  private running: Promise<unknown> = Promise.resolve();

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
   * @throws InvalidMonitorsFileError where the file has faults: the service then does not start
   */
  async onModuleInit(): Promise<void> {
    if (this.isConfigured) await this.read();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isConfigured) return;
    await this.apply();
    process.on('SIGHUP', this.onHangup);
  }

  async onApplicationShutdown(): Promise<void> {
    process.off('SIGHUP', this.onHangup);
    await this.running;
  }

  /**
   * What would be done.
   *
   * @throws InvalidMonitorsFileError
   */
  async plan(): Promise<PlanView> {
    return this.compare(await this.read());
  }

  /**
   * Does it, and answers what was done.
   *
   * @throws InvalidMonitorsFileError before anything is done
   */
  apply(): Promise<PlanView> {
    const run = this.running.then(() => this.applyNow());
    this.running = run.catch(() => undefined);
    return run;
  }

  /** Whoever sent the signal gets no answer, and reads the log. */
  private async reload(): Promise<void> {
    try {
      await this.apply();
    } catch (error) {
      this.logger.error({ err: error }, 'MONITORS_FILE could not be applied: monitors stay as they are');
    }
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
    for (const { row } of remove) await this.monitors.remove(row);
    for (const { stored, wanted } of change) await this.monitors.change(stored.row, wanted.definition);
    for (const { account_id, key, definition } of create) {
      await this.monitors.create({ account_id, definition, origin: 'file', origin_key: key });
    }
  }

  /** After the monitors, whose ids windows are stored with. */
  private async applyWindows(file: MonitorsFile): Promise<void> {
    const [monitors, rows] = await Promise.all([this.monitors.ofFile(), this.windows.ofFile()]);
    const { remove, change, create } = planWindows(rows, file.maintenance_windows, monitors);
    for (const { row } of remove) await this.windows.remove(row);
    for (const { stored, wanted } of change) {
      await this.windows.change(stored.row, storedFields(wanted.window, monitors));
    }
    for (const { account_id, key, window } of create) {
      const fields = storedFields(window, monitors);
      await this.windows.create({ account_id, ...fields, origin: 'file', origin_key: key });
    }
  }

  private async read(): Promise<MonitorsFile> {
    const path = this.settings.MONITORS_FILE ?? '';
    const addresses = userTargets(this.settings);
    const reading = readMonitorsFile(await textOf(path), { environment: processEnvironment(), addresses });
    if ('faults' in reading) throw new InvalidMonitorsFileError(path, reading.faults);
    return reading.file;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InvalidMonitorsFileError(path, [`The file cannot be read (${code ?? 'unknown error'})`], {
      cause,
    });
  }
}
