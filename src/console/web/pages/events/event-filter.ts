import type { Kind, Severity } from '../../api/types';

const KINDS: readonly Kind[] = ['incident', 'status', 'payment', 'activity'];
const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** How far back a list reaches. */
export const SPANS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type Span = keyof typeof SPANS;

/** What a list of events is narrowed to, as the URL says it. */
export interface EventFilter {
  readonly source?: string | undefined;
  readonly service?: string | undefined;
  readonly kind?: Kind | undefined;
  readonly severity?: Severity | undefined;
  readonly open?: 'true' | 'false' | undefined;
  readonly span?: Span | undefined;
  /** Words to find in what is loaded. */
  readonly text: string;
}

/** Reads the filter out of a URL; what is none of the words is left out. */
export function readFilter(search: URLSearchParams): EventFilter {
  return {
    source: search.get('source') ?? undefined,
    service: search.get('service') ?? undefined,
    kind: oneOf(KINDS, search.get('kind')),
    severity: oneOf(SEVERITIES, search.get('severity')),
    open: oneOf(['true', 'false'] as const, search.get('open')),
    span: oneOf(Object.keys(SPANS) as Span[], search.get('span')),
    text: search.get('q') ?? '',
  };
}

function oneOf<Word extends string>(words: readonly Word[], value: string | null): Word | undefined {
  return words.find((word) => word === value);
}
