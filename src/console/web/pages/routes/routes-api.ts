import { answered, api } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Explanation, Preview, RouteList } from '../../api/types';
import type { Draft } from './draft';
import { listed, type Rule } from './rule';

/** Reads an account's routes. */
export function readRoutes(account_id: string, signal: AbortSignal): Promise<RouteList> {
  return answered(api.GET('/routes', { params: { query: { account_id } }, signal }));
}

/** Saves a draft, unless somebody has changed the routes since: then it throws a `Problem` `routes_changed`. */
export function saveDraft(account_id: string, { version, rules }: Draft): Promise<RouteList> {
  return withNames(
    rules,
    answered(api.PUT('/routes', { body: { account_id, version, routes: rules.map(listed) } })),
  );
}

/** An event that nothing is made of: it stands for all while only the routes are looked at. */
const ANY_EVENT = {
  source: 'app',
  service: 'any',
  kind: 'incident',
  severity: 'critical',
  type: 'any',
} as const;

/** Has the service look whether it would take the routes; changes nothing. Throws a `Problem` that says what is wrong. */
export async function checkRoutes(account_id: string, rules: readonly Rule[]): Promise<void> {
  const body = { account_id, event: ANY_EVENT, routes: rules.map(listed) };
  await withNames(rules, answered(api.POST('/routes/explain', { body })));
}

/** Which stored event is asked about, and as of when: ISO 8601, without it now. */
export interface EventQuestion {
  readonly account_id: string;
  readonly event_id: string;
  readonly at?: string | undefined;
}

/** Why an event is told to whom, by the routes in force or by those of a draft. */
export function explainEvent(
  { account_id, event_id, at }: EventQuestion,
  rules: readonly Rule[] | null,
  signal: AbortSignal,
): Promise<Explanation> {
  const draft = rules === null ? {} : { routes: rules.map(listed) };
  const body = { account_id, event_id, ...(at === undefined ? {} : { at }), ...draft };
  return withNames(rules ?? [], answered(api.POST('/routes/explain', { body, signal })));
}

/** Which pages a draft would have added and removed within some days. Ends when the signal is aborted. */
export function previewDraft(
  account_id: string,
  { rules }: Draft,
  days: number,
  signal: AbortSignal,
): Promise<Preview> {
  const body = { account_id, days, routes: rules.map(listed) };
  return withNames(rules, answered(api.POST('/routes/preview', { body, signal })));
}

/** Opens nothing because of a route until an instant (ISO 8601), or ends that with null. Answers the list's new version. */
export async function muteRoute(account_id: string, id: string, mute_until: string | null): Promise<number> {
  const params = { path: { id }, query: { account_id } };
  const { version } = await answered(api.PATCH('/routes/{id}', { params, body: { mute_until } }));
  return version;
}

/** Has what is wrong with routes told with their names: `routes[3].name` says little to whoever sees names. */
async function withNames<T>(rules: readonly Rule[], call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Problem) || error.faults.length === 0) throw error;
    throw new Problem(error.status, error.code, faultsText(error, rules), error.requestId);
  }
}

function faultsText({ faults }: Problem, rules: readonly Rule[]): string {
  const sentences = faults.map(({ field, message }) => {
    const [, index, rest] = /^routes\[(\d+)\]\.?(.*)$/.exec(field ?? '') ?? [];
    if (index === undefined) return `${field ?? 'It'} ${message}.`;
    const name = rules[Number(index)]?.route.name || `number ${Number(index) + 1}`;
    return `Rule “${name}”: ${rest || 'it'} ${message}.`;
  });
  return sentences.join(' ');
}
