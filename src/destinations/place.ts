import { readSettings } from './fields';
import type { Kind } from './kind';

/** Settings, as JSON text, and what names the place that they lead to. */
export interface Place {
  readonly settings: string;
  readonly place: string;
}

/**
 * Settings as they are stored, and where they lead.
 *
 * @throws InvalidDestinationError naming every fault at once
 */
export function placeOf(kind: Kind, given: Readonly<Record<string, unknown>>): Place {
  const settings = readSettings(kind.fields, given);
  return { settings: JSON.stringify(settings), place: kind.placeOf(settings) };
}
