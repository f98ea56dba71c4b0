import type { AuditEntry } from '../../api/types';

/** What the audit log knows of, in the words of people. */
const WORDS = {
  'account.added': 'Account added',
  'account.changed': 'Account changed',
  'account.deleted': 'Account deleted',
  'deliveries.replayed': 'Deliveries replayed',
  'delivery.replayed': 'Delivery replayed',
  'destination.added': 'Destination added',
  'destination.changed': 'Destination changed',
  'destination.deleted': 'Destination deleted',
  'event.resolved': 'Event resolved by hand',
  'invitation.made': 'Person invited',
  'invitation.revoked': 'Invitation revoked',
  'key.made': 'Key made',
  'key.revoked': 'Key revoked',
  'maintenance_window.added': 'Maintenance window added',
  'maintenance_window.changed': 'Maintenance window changed',
  'maintenance_window.deleted': 'Maintenance window deleted',
  'monitor.added': 'Monitor added',
  'monitor.changed': 'Monitor changed',
  'monitor.deleted': 'Monitor deleted',
  'person.changed': 'Person’s role changed',
  'person.joined': 'Person joined',
  'person.linked': 'Person linked to the OpenID provider',
  'person.locked': 'Person locked out for a while',
  'person.password_changed': 'Password changed',
  'person.removed': 'Person removed',
  'route.added': 'Route added',
  'route.changed': 'Route changed',
  'route.deleted': 'Route deleted',
  'routes.reordered': 'Routes reordered',
  'session.begun': 'Logged in',
  'session.ended_by_reuse': 'Session ended: its token was used twice',
} as const;

type Action = keyof typeof WORDS;

/** What can be asked for. */
export const ACTIONS = Object.keys(WORDS) as Action[];

/** What was done. An action of a newer service is shown as it is called there. */
export function actionWords(action: string): string {
  return (WORDS as Readonly<Record<string, string>>)[action] ?? action;
}

/** Who did it. */
export function actorWords({ kind, name }: AuditEntry['by']): string {
  switch (kind) {
    case 'person':
      return name ?? 'somebody';
    case 'key':
      return `Key ${name ?? ''}…`;
    case 'admin_token':
      return 'ADMIN_TOKEN';
    case 'anybody':
      return 'Anybody, as nobody signs in';
    case 'system':
      return 'Signalbox itself';
  }
}

/** A field that changed. Null where there was, or is, nothing. */
export interface ChangeLine {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What of a change is shown, and how many fields more there are. */
export interface ShownChanges {
  readonly lines: readonly ChangeLine[];
  readonly more: number;
}

/** More lines say nothing more to a reader. */
const MOST_LINES = 4;
const MOST_CHARACTERS = 120;

/** What changed, one line for each field. What a new thing lacks is left out. */
export function shownChanges(changes: Readonly<Record<string, unknown>>): ShownChanges {
  const lines = Object.entries(changes)
    .map(([name, change]) => {
      const { from, to } = change as { readonly from: unknown; readonly to: unknown };
      return { name: name.replaceAll('_', ' '), from: textOf(from), to: textOf(to) };
    })
    .filter(({ from, to }) => from !== null || !LACKING.includes(to));
  return { lines: lines.slice(0, MOST_LINES), more: Math.max(0, lines.length - MOST_LINES) };
}

const LACKING: readonly (string | null)[] = [null, 'false', '{}', '[]', '0'];

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  const text = typeof value === 'string' ? value : isList ? value.join(', ') : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text;
}
