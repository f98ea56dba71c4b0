import { ALIKE_ACCOUNTS, alikeAccount, LARGEST_ACCOUNT } from './tenant-store';

/** The windows of summaries. */
export const WINDOWS = ['1h', '24h', '7d', '30d'] as const;

/** Of an account's summary. */
export const summaryPath = (account: string, window: string): string =>
  `/accounts/${account}/summary?window=${window}`;

/** Of the newest events of an account. */
export const listPath = (account: string): string => `/events?account_id=${account}&limit=50`;

/** What is asked for, in this order: an answer must not be there before it is to be computed. */
export interface Question {
  readonly id: string;
  readonly name: string;
  /** Whether the large store may not be slower by more than the aim allows. */
  readonly isBound: boolean;
  /** The requests of one run. */
  requests(howMany: number): readonly string[];
}

export const QUESTIONS: readonly Question[] = [
  ...WINDOWS.map((window) => ({
    id: `uncached_${window}`,
    name: `summary, ${window}, uncached`,
    isBound: true,
    requests: () =>
      Array.from({ length: ALIKE_ACCOUNTS }, (_, index) => summaryPath(alikeAccount(index), window)),
  })),
  ...WINDOWS.map((window) => ({
    id: `uncached_largest_${window}`,
    name: `summary, ${window}, uncached, largest account`,
    isBound: false,
    requests: () => [summaryPath(LARGEST_ACCOUNT, window)],
  })),
  {
    id: 'cached',
    name: 'summary, 24h, cached',
    isBound: true,
    requests: (howMany) => repeated(summaryPath(alikeAccount(0), '24h'), howMany),
  },
  {
    id: 'list',
    name: 'GET /events',
    isBound: true,
    requests: (howMany) => repeated(listPath(alikeAccount(1)), howMany),
  },
  {
    id: 'list_largest',
    name: 'GET /events, largest account',
    isBound: true,
    requests: (howMany) => repeated(listPath(LARGEST_ACCOUNT), howMany),
  },
];

function repeated(path: string, howMany: number): string[] {
  return Array<string>(howMany).fill(path);
}
