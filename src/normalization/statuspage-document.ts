import { InvalidJsonError, isObject, parseJson, type JsonFault } from './json-document';
import { readInstant } from './read-instant';

/** An incident, maintenance or component of a page. Only the id has been checked. */
export interface StatuspageItem {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** What counts in a page's `summary.json`; at most one item per id in each list. */
export interface SummaryDocument {
  readonly incidents: readonly StatuspageItem[];
  readonly maintenances: readonly StatuspageItem[];
  /** Without the headings (`group: true`), which are not services. */
  readonly components: readonly StatuspageItem[];
}

/** What counts in a page's `incidents.json`, by id: the newest incidents, resolved ones too. */
export type IncidentsDocument = ReadonlyMap<string, StatuspageItem>;

/** Why a text is not the document that was asked for. */
export type DocumentFault = JsonFault | 'not_a_summary' | 'not_incidents' | 'item_without_id';

/** The page answered, but not with a Statuspage document. */
export class InvalidDocumentError extends Error {
  constructor(
    readonly fault: DocumentFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'InvalidDocumentError';
  }
}

/**
 * Reads the text of a `summary.json`. Strict about what tells a summary from another vendor's document, because
 * a wrong "nothing is broken" would resolve incidents; lenient about everything else in it.
 *
 * @throws InvalidDocumentError
 */
export function readSummary(text: string): SummaryDocument {
  const document = parseDocument(text);
  if (!isObject(document) || !Array.isArray(document.incidents)) {
    throw new InvalidDocumentError('not_a_summary', 'the document has no list of incidents');
  }
  const page = document.page;
  const hasPageId = isObject(page) && typeof page.id === 'string' && page.id !== '';
  if (!hasPageId && !Array.isArray(document.components)) {
    throw new InvalidDocumentError('not_a_summary', 'the document has neither a page id nor components');
  }
  const incidents = newestById(document.incidents, 'incidents');
  const maintenances = newestById(document.scheduled_maintenances, 'scheduled_maintenances');
  const components = newestById(document.components, 'components');
  return {
    incidents: [...incidents.values()],
    // Incidents and maintenances share one space of ids: what stands in both lists is an incident.
    maintenances: [...maintenances.values()].filter(({ id }) => !incidents.has(id)),
    components: [...components.values()].filter(({ group }) => group !== true),
  };
}

/**
 * Reads the text of an `incidents.json`.
 *
 * @throws InvalidDocumentError
 */
export function readIncidents(text: string): IncidentsDocument {
  const document = parseDocument(text);
  if (!isObject(document) || !Array.isArray(document.incidents)) {
    throw new InvalidDocumentError('not_incidents', 'the document has no list of incidents');
  }
  return newestById(document.incidents, 'incidents');
}

function parseDocument(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof InvalidJsonError)) throw cause;
    throw new InvalidDocumentError(cause.fault, cause.message, { cause });
  }
}

/** The list's items, each id once: of repeated ids the newest. Whatever is not a list counts as an empty one. */
function newestById(list: unknown, name: string): Map<string, StatuspageItem> {
  const items = new Map<string, StatuspageItem>();
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    if (!isItem(item)) throw new InvalidDocumentError('item_without_id', `an item of ${name} has no id`);
    const other = items.get(item.id);
    if (other === undefined || ageRank(item) > ageRank(other)) items.set(item.id, item);
  }
  return items;
}

function isItem(value: unknown): value is StatuspageItem {
  return isObject(value) && typeof value.id === 'string' && value.id !== '';
}

function ageRank(item: StatuspageItem): number {
  return readInstant(item.updated_at) ?? -Infinity;
}
