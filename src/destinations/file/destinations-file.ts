import type { Environment } from '../../config/settings';
import { FileFaults } from '../../definition-files/file-faults';
import { fillIn } from '../../definition-files/references';
import { YamlText } from '../../definition-files/yaml-text';
import { ApiError } from '../../http/api-error';
import { RequestPipe } from '../../http/request.pipe';
import { isObject } from '../../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import { CreateDestinationRequest } from '../destination-requests';
import type { NewDestination } from '../destinations.repository';
import { InvalidDestinationError } from '../fields';
import type { Kinds } from '../kinds';
import { placeOf } from '../place';

/** The file, or everything that is wrong with it, a sentence each. */
export type FileReading =
  { readonly destinations: readonly NewDestination[] } | { readonly faults: readonly string[] };

/** What a file is judged by, besides itself. */
export interface FileContext {
  readonly environment: Environment;
  /** Folder of the file: paths of `file:` begin there. */
  readonly folder: string;
  readonly kinds: Kinds;
}

const LIST = 'destinations';

/**
 * Reads DESTINATIONS_FILE: `destinations`, each as the API takes it, but with an `account` instead of an `account_id`.
 * Its name is what it goes by: with it, it stays the same one however it is changed.
 */
export async function readDestinationsFile(text: string, context: FileContext): Promise<FileReading> {
  const faults = new FileFaults(new YamlText(text));
  const entries = faults.listsOf([LIST])[LIST];
  const destinations: NewDestination[] = [];
  for (const [at, entry] of entries.entries()) {
    const reading = await readEntry(entry, context);
    if ('faults' in reading) {
      for (const { field, message } of reading.faults) faults.refuse([LIST, at], field, message);
    } else if (destinations.some((other) => isSame(other, reading.destination))) {
      faults.refuse([LIST, at], 'name', 'is there twice in this account');
    } else {
      destinations.push(reading.destination);
    }
  }
  return faults.isEmpty ? { destinations } : { faults: faults.sentences };
}

interface EntryFault {
  readonly field: string | null;
  readonly message: string;
}

type EntryReading = { readonly destination: NewDestination } | { readonly faults: readonly EntryFault[] };

/** What the API says of a body, as it says it. */
const PIPE = new RequestPipe();

async function readEntry(entry: unknown, context: FileContext): Promise<EntryReading> {
  const body = bodyOf(entry);
  if (body === null) return { faults: [{ field: null, message: 'must be an object of plain values' }] };
  const { value: settings, faults } = fillIn(body['settings'], context, 'settings');
  if (faults.length > 0) return { faults };
  try {
    const request = (await PIPE.transform(
      { ...body, settings },
      { type: 'body', metatype: CreateDestinationRequest },
    )) as CreateDestinationRequest;
    const { account_id = DEFAULT_ACCOUNT, name, type, enabled } = request;
    const kind = context.kinds.of(type);
    if (kind.unavailable !== null)
      return { faults: [{ field: 'type', message: `is ${type}. ${kind.unavailable}` }] };
    const place = placeOf(kind, request.settings);
    return { destination: { account_id, name, type, enabled, ...place, origin: 'file' } };
  } catch (error) {
    if (error instanceof InvalidDestinationError) return { faults: error.faults.map(faultOf) };
    if (error instanceof ApiError) return { faults: error.message.split('; ').map(faultOf) };
    throw error;
  }
}

/** An entry as the body of a request: what YAML can hold and JSON cannot is none. */
function bodyOf(entry: unknown): Record<string, unknown> | null {
  if (!isObject(entry)) return null;
  try {
    const { account, ...rest } = JSON.parse(JSON.stringify(entry)) as Record<string, unknown>;
    return 'account' in entry ? { ...rest, account_id: account } : rest;
  } catch (error) {
    // It holds itself.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** A sentence of the API's about a member of a body, whose account has another name here. */
function faultOf(sentence: string): EntryFault {
  const [, name = '', message = ''] = /^(?:property )?(\S+) (.*)$/s.exec(sentence) ?? [];
  return { field: name.replace(/^account_id$/, 'account'), message };
}

function isSame(one: NewDestination, other: NewDestination): boolean {
  return one.account_id === other.account_id && one.name === other.name;
}
