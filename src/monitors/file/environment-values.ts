import type { Environment } from '../../config/settings';
import { isObject } from '../../normalization/json-document';
import type { DefinitionFault } from '../model/definition-fields';

/** `${NAME}`, as shells write it, and nothing else of what shells can. */
const NAME = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The fields of a monitor in which names of environment variables were replaced by their values. */
export interface FilledIn {
  readonly fields: Record<string, unknown>;
  /** Names only: a value must not be told. */
  readonly faults: readonly DefinitionFault[];
}

/**
 * Fills in environment variables where the headers that a monitor sends name them, as in `Bearer ${API_TOKEN}`, so that
 * a credential need not stand in the file.
 */
export function fillInHeaders(fields: Record<string, unknown>, environment: Environment): FilledIn {
  const { headers } = fields;
  if (!isObject(headers)) return { fields, faults: [] };
  const faults: DefinitionFault[] = [];
  const filled = Object.entries(headers).map(([name, value]) => {
    if (typeof value !== 'string') return [name, value] as const;
    const text = value.replaceAll(NAME, (_, variable: string) => {
      const found = environment[variable];
      if (found === undefined || found === '') {
        faults.push({ field: `headers.${name}`, message: `names ${variable}, which the environment lacks` });
      }
      return found ?? '';
    });
    return [name, text] as const;
  });
  return { fields: { ...fields, headers: Object.fromEntries(filled) }, faults };
}
