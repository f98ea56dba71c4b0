import { isIP } from 'node:net';
import { CronTime } from 'cron';
import { boolean, integer, oneOf, optional, secret, text } from './setting';
import { parsePages, type ConfiguredPage } from './pages';

const DAY_MS = 86_400_000;

/** An absolute http(s) URL without a user name or password in it. */
export function parseUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('must be an absolute http or https URL');
  }
  if (url.username !== '' || url.password !== '') throw new Error('must not contain a user name or password');
  return url.href;
}

function parseCron(value: string): string {
  try {
    // A day that no month has is found out only here.
    new CronTime(value, 'UTC').sendAt();
  } catch (cause) {
    throw new Error('must be a cron expression of five or six fields that has a next time', { cause });
  }
  return value;
}

function parseDatabaseUrl(value: string): string {
  if (!/^sqlite:.+/.test(value) || value === 'sqlite::memory:') {
    throw new Error('must be sqlite:<path of the file>');
  }
  return value;
}

/**
 * Who may set `X-Forwarded-For`: `true` (everybody), `false`, a number of proxies, or a comma-separated list
 * of addresses and CIDR ranges.
 */
function parseTrustProxy(value: string): boolean | number | string {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d{1,2}$/.test(value)) return Number(value);
  if (value.split(',').every((part) => isAddressOrRange(part.trim()))) return value;
  throw new Error('must be true, false, a number of proxies, or addresses and ranges');
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  const isPrefix =
    prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
  return family !== 0 && isPrefix && rest.length === 0;
}

/** PagerDuty integration keys are 32 characters long (PagerDuty Events API v2 reference, `routing_key`). */
function parseRoutingKey(value: string): string {
  if (!/^[A-Za-z0-9]{32}$/.test(value)) throw new Error('must be 32 letters and digits');
  return value;
}

function parseSecrets(value: string): readonly string[] {
  const secrets = value.split(',').map((part) => part.trim());
  if (secrets.some((part) => part.length < 8)) throw new Error('needs at least 8 characters in each secret');
  return secrets;
}

/** Every setting of the service, by the name of its environment variable. The order is the documentation's. */
export const definitions = {
  NODE_ENV: oneOf(
    ['development', 'test', 'production'],
    'development',
    'In `production` there are no fixture pages and no generated Stripe secret.',
  ),
  PORT: integer(3000, 0, 65_535, 'Port to listen on; 0 takes a free one.'),
  HOST: text('127.0.0.1', 'Address to listen on. Anything but loopback also needs `ALLOW_ANONYMOUS=true`.'),
  ALLOW_ANONYMOUS: boolean(false, 'Allow a non-loopback `HOST` although every route is open to everybody.'),
  TRUST_PROXY: {
    ...optional('Whose `X-Forwarded-For` names the client: true, false, a number of proxies, or addresses.'),
    parse: parseTrustProxy,
    fallback: false as boolean | number | string,
    shownDefault: 'false',
  },
  LOG_LEVEL: oneOf(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'info',
    'Least severe level that is logged.',
  ),
  DATABASE_URL: text(
    'sqlite:./data/signalbox.db',
    'Where everything is stored: `sqlite:<path>`.',
    parseDatabaseUrl,
  ),
  STRIPE_WEBHOOK_SECRET: secret(
    optional('Signing secrets of the Stripe endpoint, comma-separated while rotating.', parseSecrets),
  ),
  STRIPE_API_KEY: secret(optional('Accepted and not used: verifying webhooks needs no API key.')),
  SPREEDLY_STATUS_SUMMARY_URL: optional(
    "Spreedly's `…/api/v2/summary.json`; without it the fixture is read (not in production).",
    parseUrl,
  ),
  BRAZE_STATUS_SUMMARY_URL: optional(
    "Braze's `…/api/v2/summary.json`; without it the fixture is read (not in production).",
    parseUrl,
  ),
  STATUS_PAGES: {
    ...optional<readonly ConfiguredPage[]>('Further Statuspage pages: `name=url,name=url`.'),
    parse: (value: string): readonly ConfiguredPage[] => parsePages(value, parseUrl),
    fallback: [] as readonly ConfiguredPage[],
  },
  STATUS_POLL_CRON: text('* * * * *', 'When pages with a URL are polled (cron, UTC).', parseCron),
  PAGE_TIMEOUT_MS: integer(10_000, 100, 60_000, 'Time for reading one page, retries included.'),
  PAGE_MAX_BYTES: integer(5_000_000, 1_000, 50_000_000, 'Largest page that is read, after decompression.'),
  SOURCE_STALE_MS: integer(
    900_000,
    1_000,
    7 * DAY_MS,
    'A page unreadable for this long becomes a warning event.',
  ),
  ROUTE_WARNING: boolean(false, 'Page for warnings too. Critical events always page, info never does.'),
  PAGERDUTY_ROUTING_KEY: secret(
    optional('Integration key of the PagerDuty service. Without it, the built-in mock.', parseRoutingKey),
  ),
  PAGERDUTY_EVENTS_URL: optional(
    "Whole URL of the Events API v2. Default: PagerDuty's with a routing key, else the built-in mock.",
    parseUrl,
  ),
  WORKER_CONCURRENCY: integer(32, 1, 512, 'Deliveries in flight at once, per destination.'),
  DELIVERY_MAX_ATTEMPTS: integer(12, 1, 100, 'Attempts before a delivery is dead.'),
  DELIVERY_BASE_MS: integer(
    1_000,
    1,
    3_600_000,
    'First back-off between attempts; doubles, with full jitter.',
  ),
  DELIVERY_MAX_MS: integer(600_000, 1, DAY_MS, 'Longest back-off between attempts.'),
  DELIVERY_TIMEOUT_MS: integer(10_000, 50, 120_000, 'Time for one attempt.'),
  DELIVERY_MAX_AGE_MS: integer(3 * DAY_MS, 1_000, 30 * DAY_MS, 'Age at which a pending delivery is dead.'),
  BREAKER_FAILURES: integer(3, 1, 1_000, 'Failures within the window that open a circuit breaker.'),
  BREAKER_WINDOW_MS: integer(30_000, 100, 3_600_000, 'Window in which failures are counted.'),
  BREAKER_RESET_MS: integer(
    15_000,
    10,
    3_600_000,
    'Time a breaker stays open before it lets one probe through.',
  ),
  THROTTLE_LIMIT: integer(
    6_000,
    0,
    10_000_000,
    'Requests per client address and `THROTTLE_TTL_MS`; 0 is off.',
  ),
  THROTTLE_TTL_MS: integer(60_000, 100, DAY_MS, 'Window of `THROTTLE_LIMIT`.'),
  REQUEST_TIMEOUT_MS: integer(15_000, 100, 600_000, 'Time for receiving a request, and for answering it.'),
  RETENTION_DAYS: integer(90, 30, 3_650, 'Age at which events are removed, unless they are open or waiting.'),
  HEARTBEAT_URL: secret(
    optional('Fetched once a minute while all is well, for whoever watches the watcher.', parseUrl),
  ),
  SHUTDOWN_DRAIN_MS: integer(
    0,
    0,
    120_000,
    'Time between readiness 503 and closing the listener; 5000 in Kubernetes.',
  ),
  SHUTDOWN_GRACE_MS: integer(15_000, 100, 600_000, 'Time for the whole shutdown.'),
} as const;
