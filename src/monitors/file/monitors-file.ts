import type { Environment } from '../../config/settings';
import { FileFaults } from '../../definition-files/file-faults';
import { fillIn } from '../../definition-files/references';
import { YamlText } from '../../definition-files/yaml-text';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { AddressRule } from '../../reliability/address-guard';
import { admissible } from '../api/admissible';
import { readDefinition } from '../model/definition';
import { DefinitionFields, type DefinitionFault } from '../../http/definition/definition-fields';
import { textOf } from '../../http/definition/definition-rules';
import type { MaintenanceSchedule } from '../model/maintenance';
import { readMaintenance } from '../model/maintenance-definition';
import type { MonitorDefinition } from '../model/monitor';
import { ACCOUNT, KEY, MONITOR_KEYS } from './file-rules';

/** A monitor of the file. */
export interface FileMonitor {
  readonly account_id: string;
  readonly key: string;
  readonly definition: MonitorDefinition;
}

/** A maintenance window of the file. */
export interface FileWindow {
  readonly account_id: string;
  readonly key: string;
  readonly name: string;
  /** Keys of monitors; null for all of the account. */
  readonly monitors: readonly string[] | null;
  readonly schedule: MaintenanceSchedule;
}

/** What MONITORS_FILE says. */
export interface MonitorsFile {
  readonly monitors: readonly FileMonitor[];
  readonly maintenance_windows: readonly FileWindow[];
}

/** The file, or everything that is wrong with it, a sentence each. */
export type FileReading = { readonly file: MonitorsFile } | { readonly faults: readonly string[] };

/** What a file is judged by, besides itself. */
export interface FileContext {
  readonly environment: Environment;
  readonly addresses: AddressRule;
}

const LISTS = ['monitors', 'maintenance_windows'] as const;
type ListName = (typeof LISTS)[number];

/**
 * Reads MONITORS_FILE: `monitors`, each as the API takes it, with a `key` of its own and an `account`; and
 * `maintenance_windows` likewise, whose `monitors` are keys.
 */
export function readMonitorsFile(text: string, context: FileContext): FileReading {
  const faults = new FileFaults(new YamlText(text));
  const file = new FileReader(faults, context).read();
  return faults.isEmpty ? { file } : { faults: faults.sentences };
}

/** Reads one file; its faults are told to `faults`. */
class FileReader {
  constructor(
    private readonly faults: FileFaults,
    private readonly context: FileContext,
  ) {}

  read(): MonitorsFile {
    const lists = this.faults.listsOf(LISTS);
    const monitors = lists.monitors.map((entry, at) => this.monitor(entry, at));
    const windows = lists.maintenance_windows.map((entry, at) => this.window(entry, at));
    const file = { monitors: monitors.filter(isRead), maintenance_windows: windows.filter(isRead) };
    this.refuseRepeated('monitors', monitors);
    this.refuseRepeated('maintenance_windows', windows);
    // Only once all monitors are right is it known which keys there are.
    if (this.faults.isEmpty) this.refuseUnknownMonitors(file);
    return file;
  }

  private monitor(entry: unknown, at: number): FileMonitor | null {
    if (!isObject(entry))
      return this.refuseEntry('monitors', at, [{ field: null, message: 'must be an object' }]);
    const { key: givenKey, account: givenAccount, ...rest } = entry;
    const own = new DefinitionFields({ key: givenKey, account: givenAccount });
    const key = own.need('key', KEY);
    const account_id = own.take('account', ACCOUNT, DEFAULT_ACCOUNT);
    const { value: headers, faults } = fillIn(rest['headers'], this.context, 'headers');
    const given = 'headers' in rest ? { ...rest, headers } : rest;
    const reading = admissible(readDefinition(given), this.context.addresses);
    const all = [...own.faults, ...faults, ...('faults' in reading ? reading.faults : [])];
    if ('faults' in reading || all.length > 0) return this.refuseEntry('monitors', at, all);
    return { account_id, key, definition: reading.definition };
  }

  private window(entry: unknown, at: number): FileWindow | null {
    const list = 'maintenance_windows';
    if (!isObject(entry)) return this.refuseEntry(list, at, [{ field: null, message: 'must be an object' }]);
    const { key: givenKey, account: givenAccount, name: givenName, monitors: givenMonitors, ...rest } = entry;
    const own = new DefinitionFields({
      key: givenKey,
      account: givenAccount,
      name: givenName,
      monitors: givenMonitors,
    });
    const key = own.need('key', KEY);
    const account_id = own.take('account', ACCOUNT, DEFAULT_ACCOUNT);
    const name = own.need('name', textOf(200));
    const monitors = own.take('monitors', MONITOR_KEYS, null);
    const reading = readMaintenance(rest);
    const all = [...own.faults, ...('faults' in reading ? reading.faults : [])];
    if ('faults' in reading || all.length > 0) return this.refuseEntry(list, at, all);
    return { account_id, key, name, monitors, schedule: reading.schedule };
  }

  private refuseRepeated(list: ListName, entries: readonly (FileMonitor | FileWindow | null)[]): void {
    const seen = new Set<string>();
    entries.forEach((entry, at) => {
      if (entry === null) return;
      const identity = `${entry.account_id}/${entry.key}`;
      if (seen.has(identity)) this.faults.refuse([list, at], 'key', 'is there twice in this account');
      seen.add(identity);
    });
  }

  private refuseUnknownMonitors({ monitors, maintenance_windows }: MonitorsFile): void {
    const known = new Set(monitors.map(({ account_id, key }) => `${account_id}/${key}`));
    maintenance_windows.forEach(({ account_id, monitors: keys }, at) => {
      for (const key of keys ?? []) {
        if (known.has(`${account_id}/${key}`)) continue;
        this.faults.refuse(
          ['maintenance_windows', at],
          'monitors',
          `names no monitor of its account: ${key}`,
        );
      }
    });
  }

  private refuseEntry(list: ListName, at: number, faults: readonly DefinitionFault[]): null {
    for (const { field, message } of faults) this.faults.refuse([list, at], field, message);
    return null;
  }
}

function isRead<T>(entry: T | null): entry is T {
  return entry !== null;
}
