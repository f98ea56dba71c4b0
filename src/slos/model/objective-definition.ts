import type { DefinitionFields, Rule } from '../../http/definition/definition-fields';
import { oneOf, orNull, textOf } from '../../http/definition/definition-rules';
import { MILLION } from './counts';
import { BOUNDS_MS } from './histogram';
import {
  CACHE_STATES,
  OBJECTIVE_KINDS,
  OBJECTIVE_WINDOWS,
  type Bound,
  type Objective,
  type ObjectiveWindow,
} from './objective';

const MAX_NAME = 200;
const MAX_ROUTES = 100;

const SHARE: Rule<number> = {
  read: (value) => {
    if (typeof value !== 'number' || !(value > 0 && value < 1)) return undefined;
    return Math.round(value * MILLION) / MILLION === value ? value : undefined;
  },
  message: 'must be above 0 and below 1, to at most six places, such as 0.999',
};

const BOUND: Rule<Bound> = {
  read: (value) => BOUNDS_MS.find((bound) => bound === value),
  message: `must be one of ${BOUNDS_MS.join(', ')}: those are counted and not estimated`,
};

const ROUTES: Rule<readonly string[]> = {
  read: (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ROUTES) return undefined;
    const routes = value.filter((route) => typeof route === 'string' && /^[A-Z]+ \/\S{0,200}$/.test(route));
    return new Set(routes).size === value.length ? (routes as string[]) : undefined;
  },
  message: `must be a list of 1 to ${MAX_ROUTES} routes such as POST /events, each once`,
};

const WINDOWS = Object.keys(OBJECTIVE_WINDOWS) as ObjectiveWindow[];

/**
 * Reads what an objective is. `id` and `account` have been taken already; faults are kept in the fields, and where
 * there are any, null is the answer.
 */
export function readObjective(
  fields: DefinitionFields,
  { id, account_id }: Pick<Objective, 'id' | 'account_id'>,
): Objective | null {
  const before = fields.faults.length;
  const kind = fields.need('kind', oneOf(OBJECTIVE_KINDS));
  // Without its kind, nobody knows which fields it can have.
  if (fields.faults.length > before) return null;
  const named = {
    id,
    account_id,
    name: fields.take('name', textOf(MAX_NAME), id),
    objective: fields.need('objective', SHARE),
    window: fields.need('window', oneOf(WINDOWS)),
  };
  const objective: Objective = { ...named, ...readIndicator(fields, kind) };
  fields.refuseOthers(`an objective of kind ${kind}`);
  return fields.faults.length > before ? null : objective;
}

/** What of an objective is its kind's own. */
type Indicator = Objective extends infer T
  ? T extends Objective
    ? Omit<T, 'id' | 'account_id' | 'name' | 'objective' | 'window'>
    : never
  : never;

function readIndicator(fields: DefinitionFields, kind: Objective['kind']): Indicator {
  switch (kind) {
    case 'availability':
      return { kind, routes: fields.need('routes', ROUTES) };
    case 'latency':
      return {
        kind,
        routes: fields.need('routes', ROUTES),
        cache: fields.take('cache', orNull(oneOf(CACHE_STATES)), null),
        below_ms: fields.need('below_ms', BOUND),
      };
    case 'queue_latency':
      return {
        kind,
        queue: fields.take('queue', textOf(MAX_NAME), 'events'),
        below_ms: fields.need('below_ms', BOUND),
      };
    case 'delivery_latency':
      return { kind, below_ms: fields.need('below_ms', BOUND) };
    case 'error_rate':
      return { kind, routes: fields.take('routes', orNull(ROUTES), null) };
    case 'monitor':
      return { kind, monitor: fields.take('monitor', orNull(textOf(MAX_NAME)), null) };
    case 'vendor':
      return { kind, vendor: fields.take('vendor', orNull(textOf(MAX_NAME)), null) };
  }
}
