import type { Environment } from '../../config/settings';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { AddressRule } from '../../reliability/address-guard';
import { admissible } from '../api/admissible';
import { sentenceOf } from '../api/refused-definition';
import { readDefinition } from '../model/definition';
import { DefinitionFields, type DefinitionFault } from '../model/definition-fields';
import { textOf } from '../model/definition-rules';
import type { MaintenanceSchedule } from '../model/maintenance';
import { readMaintenance } from '../model/maintenance-definition';
import type { MonitorDefinition } from '../model/monitor';
import { fillInHeaders } from './environment-values';
import { ACCOUNT, KEY, MONITOR_KEYS } from './file-rules';
import { YamlText } from './yaml-places';

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

/** So many faults are told at once. */
const MAX_FAULTS = 100;

const LISTS = ['monitors', 'maintenance_windows'] as const;
type ListName = (typeof LISTS)[number];

/**
 * Reads MONITORS_FILE: `monitors`, each as the API takes it, with a `key` of its own and an `account`; and
 * `maintenance_windows` likewise, whose `monitors` are keys.
 */
export function readMonitorsFile(text: string, context: FileContext): FileReading {
  const yaml = new YamlText(text);
  const reader = new FileReader(yaml, context);
  return yaml.errors.length > 0 ? { faults: told(yaml.errors.map(sentenceWithLine)) } : reader.read();
}

function told(faults: readonly string[]): readonly string[] {
  const more = faults.length - MAX_FAULTS;
  return more <= 0 ? faults : [...faults.slice(0, MAX_FAULTS), `and ${more} more`];
}

function sentenceWithLine({ line, message }: { readonly line: number; readonly message: string }): string {
  return `line ${line}: ${message}`;
}

/** Reads one file; keeps its faults. */
class FileReader {
  private readonly faults: { readonly line: number; readonly message: string }[] = [];

  constructor(
    private readonly yaml: YamlText,
    private readonly context: FileContext,
  ) {}

  read(): FileReading {
    const lists = this.lists();
    const monitors = lists.monitors.map((entry, at) => this.monitor(entry, at));
    const windows = lists.maintenance_windows.map((entry, at) => this.window(entry, at));
    const file = { monitors: monitors.filter(isRead), maintenance_windows: windows.filter(isRead) };
    this.refuseRepeated('monitors', monitors);
    this.refuseRepeated('maintenance_windows', windows);
    // Only once all monitors are right is it known which keys there are.
    if (this.faults.length === 0) this.refuseUnknownMonitors(file);
    if (this.faults.length === 0) return { file };
    this.faults.sort((one, other) => one.line - other.line);
    return { faults: told(this.faults.map(sentenceWithLine)) };
  }

  private lists(): Record<ListName, readonly unknown[]> {
    const none = { monitors: [], maintenance_windows: [] };
    const root = this.value();
    if (!isObject(root)) {
      // An empty file is more likely a mistake than the wish to have no monitors any more.
      if (root !== undefined)
        this.refuse([], null, 'must be an object with the list monitors, which may be empty');
      return none;
    }
    for (const name of Object.keys(root)) {
      if (!LISTS.some((list) => list === name)) this.refuse([], name, `is neither ${LISTS.join(' nor ')}`);
    }
    const listOf = (name: ListName): readonly unknown[] => {
      const list = Object.hasOwn(root, name) ? root[name] : [];
      if (Array.isArray(list)) return list;
      this.refuse([], name, 'must be a list');
      return [];
    };
    if (!Object.hasOwn(root, 'monitors')) this.refuse([], 'monitors', 'is missing; it may be empty: []');
    return { monitors: listOf('monitors'), maintenance_windows: listOf('maintenance_windows') };
  }

  /** Undefined where it cannot be told. */
  private value(): unknown {
    try {
      return this.yaml.value() ?? null;
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      this.faults.push({ line: 1, message: error.message });
      return undefined;
    }
  }

  private monitor(entry: unknown, at: number): FileMonitor | null {
    if (!isObject(entry))
      return this.refuseEntry('monitors', at, [{ field: null, message: 'must be an object' }]);
    const { key: givenKey, account: givenAccount, ...rest } = entry;
    const own = new DefinitionFields({ key: givenKey, account: givenAccount });
    const key = own.need('key', KEY);
    const account_id = own.take('account', ACCOUNT, DEFAULT_ACCOUNT);
    const { fields, faults } = fillInHeaders(rest, this.context.environment);
    const reading = admissible(readDefinition(fields), this.context.addresses);
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
      if (seen.has(identity)) this.refuse([list, at], 'key', 'is there twice in this account');
      seen.add(identity);
    });
  }

  private refuseUnknownMonitors({ monitors, maintenance_windows }: MonitorsFile): void {
    const known = new Set(monitors.map(({ account_id, key }) => `${account_id}/${key}`));
    maintenance_windows.forEach(({ account_id, monitors: keys }, at) => {
      for (const key of keys ?? []) {
        if (known.has(`${account_id}/${key}`)) continue;
        this.refuse(['maintenance_windows', at], 'monitors', `names no monitor of its account: ${key}`);
      }
    });
  }

  private refuseEntry(list: ListName, at: number, faults: readonly DefinitionFault[]): null {
    for (const { field, message } of faults) this.refuse([list, at], field, message);
    return null;
  }

  private refuse(path: readonly (string | number)[], field: string | null, message: string): void {
    const place = path.length === 0 ? '' : `${path[0]}[${path[1]}]: `;
    const subject = path.length === 0 ? 'The file' : 'It';
    const sentence = field === null ? `${subject} ${message}` : sentenceOf({ field, message });
    this.faults.push({ line: this.yaml.lineOf(path, field), message: `${place}${sentence}` });
  }
}

function isRead<T>(entry: T | null): entry is T {
  return entry !== null;
}
