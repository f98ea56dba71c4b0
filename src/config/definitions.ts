import { isIP } from 'node:net';
import { CronTime } from 'cron';
import { parseKey } from './encryption-key';
import { boolean, integer, oneOf, optional, secret, text } from './setting';
import { isLoopback } from './loopback';
import { parseRoleMap, type MappedRole } from './role-map';
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

function parseUrls(value: string): readonly string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length > 10) throw new Error('must name at most 10 URLs');
  return parts.map(parseUrl);
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
  if (/^sqlite:.+/.test(value) && value !== 'sqlite::memory:') return value;
  if (/^postgres(ql)?:/.test(value) && URL.canParse(value)) return value;
  throw new Error('must be sqlite:<path of the file>, or postgres://<user>:<password>@<host>/<database>');
}

function parsePostgresUrl(value: string): string {
  if (/^postgres(ql)?:/.test(value) && URL.canParse(value)) return value;
  throw new Error('must be postgres://<user>:<password>@<host>/<database>');
}

function parseRedisUrl(value: string): string {
  if (/^rediss?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new Error('must be redis://<host>:<port>, or rediss:// for TLS');
}

/** Keys of all kinds begin with it, and BullMQ puts a colon behind it. */
function parseRedisPrefix(value: string): string {
  if (/^[A-Za-z0-9._{}-]{1,64}$/.test(value)) return value;
  throw new Error('must be 1 to 64 letters, digits, dots, dashes, underscores or braces');
}

/** What a process does. */
export const ROLES = ['api', 'scheduler', 'worker', 'notifier'] as const;
export type Role = (typeof ROLES)[number];

function parseRoles(value: string): readonly Role[] {
  const names = value.split(',').map((part) => part.trim());
  const roles = ROLES.filter((role) => names.includes(role));
  if (names.some((name) => !(ROLES as readonly string[]).includes(name))) {
    throw new Error(`must be a comma-separated list of ${ROLES.join(', ')}`);
  }
  return roles;
}

function parseToken(value: string): string {
  if (!/^[\x21-\x7e]{8,512}$/.test(value)) {
    throw new Error('must be 8 to 512 printable ASCII characters without spaces');
  }
  return value;
}

function parseAuthSecret(value: string): string {
  if (!/^[\x21-\x7e]{32,512}$/.test(value)) {
    throw new Error(
      'must be 32 to 512 printable ASCII characters without spaces, as openssl rand -hex 32 makes them',
    );
  }
  return value;
}

/** A scheme, a host and perhaps a port. */
function parseOrigin(value: string): string {
  const url = new URL(parseUrl(value));
  if (url.href !== `${url.origin}/`) throw new Error('must be a URL without a path');
  return url.origin;
}

/** OpenID Connect Discovery 1.0, section 3: https, no query, no fragment. Plain http is for a provider on this machine. */
function parseIssuer(value: string): string {
  const { protocol, hostname, search, hash } = new URL(parseUrl(value));
  if (search !== '' || hash !== '') throw new Error('must be a URL without a query or fragment');
  if (protocol !== 'https:' && !isLoopback(hostname)) throw new Error('must be an https URL');
  return value;
}

/** RFC 6749, section 3.3. Without `openid` there is no ID token, and without `email` nobody is known. */
function parseScope(value: string): string {
  const scopes = value.split(' ');
  const isScope = (scope: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope);
  if (scopes.every(isScope) && scopes.includes('openid') && scopes.includes('email')) return value;
  throw new Error('must be scopes separated by spaces, openid and email among them');
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
export function parseRoutingKey(value: string): string {
  if (!/^[A-Za-z0-9]{32}$/.test(value)) throw new Error('must be 32 letters and digits');
  return value;
}

function parseSmtpUrl(value: string): string {
  if (/^smtps?:\/\/[^/]/.test(value) && URL.canParse(value)) return value;
  throw new Error('must be smtp://<user>:<password>@<host>:<port>, or smtps:// for TLS from the start');
}

/** RFC 5322, section 3.4, as far as a sender needs it: an address, or a name and an address. */
function parseSender(value: string): string {
  if (/^(?:[^<>"\r\n]{1,100} <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value)) return value;
  throw new Error('must be an e-mail address, or a name and an address: Signalbox <signalbox@example.com>');
}

/** As the API shows them. */
function parseDestinationIds(value: string): readonly string[] {
  const ids = value.split(',').map((part) => part.trim());
  if (ids.every((id) => /^[a-z]+(?:-[0-9a-f]{12})?$/.test(id))) return ids;
  throw new Error('must be a comma-separated list of ids of destinations');
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
  HOST: text('127.0.0.1', 'Address to listen on. Anything but loopback also needs `ADMIN_TOKEN`.'),
  ADMIN_TOKEN: secret(
    optional(
      'The first credential: may do everything. With it set, every route needs a credential.',
      parseToken,
    ),
  ),
  AUTH_SECRET: secret(
    optional(
      "Signs people's tokens: 32 characters or more, the same in all processes. Needed with PostgreSQL, else made once.",
      parseAuthSecret,
    ),
  ),
  PUBLIC_URL: optional(
    'Where browsers find the service, for the way back from an OpenID provider.',
    parseOrigin,
  ),
  OIDC_ISSUER: optional(
    'OpenID provider by which invited people may log in, besides by password.',
    parseIssuer,
  ),
  OIDC_CLIENT_ID: optional('What the provider knows the service as.'),
  OIDC_CLIENT_SECRET: secret(optional('What it proves that with.')),
  OIDC_SCOPE: text(
    'openid email',
    'What is asked of it; some give the claim of the roles for a scope of its own.',
    parseScope,
  ),
  OIDC_ROLE_CLAIM: optional(
    "Its claim that says what people are, such as `groups`; then it decides over accounts' roles.",
  ),
  OIDC_ROLE_MAP: {
    ...optional<readonly MappedRole[]>(
      'What the values of that claim mean: `account:role=value,account:role=value`.',
    ),
    parse: parseRoleMap,
    fallback: [] as readonly MappedRole[],
  },
  AUDIT_RETENTION_DAYS: integer(365, 30, 3_650, 'Age at which entries of the audit log are removed.'),
  METRICS_TOKEN: secret(optional('May read `/metrics` and `/docs`, and nothing else.', parseToken)),
  ALLOW_ANONYMOUS: boolean(false, 'Allow a non-loopback `HOST` although every route is open to everybody.'),
  TRUST_PROXY: {
    ...optional('Whose `X-Forwarded-For` names the client: true, false, a number of proxies, or addresses.'),
    parse: parseTrustProxy,
    fallback: false as boolean | number | string,
    shownDefault: 'false',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    'Where traces are sent, as OTLP over HTTP: `http://collector:4318`. Off without it.',
    parseUrl,
  ),
  LOG_LEVEL: oneOf(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'info',
    'Least severe level that is logged.',
  ),
  DATABASE_URL: secret(
    text(
      'sqlite:./data/signalbox.db',
      'Where everything is stored: `sqlite:<path>`, or `postgres://…` (with `REDIS_URL`) for several processes.',
      parseDatabaseUrl,
    ),
  ),
  DATABASE_POOL_MAX: integer(
    10,
    2,
    500,
    'Connections to PostgreSQL, per process: half for writing, half for reading.',
  ),
  DATABASE_REPLICA_URL: secret(
    optional('A read replica of the PostgreSQL database, for summaries.', parsePostgresUrl),
  ),
  REDIS_URL: secret(
    optional('Redis for queues, limits and caches, with a PostgreSQL `DATABASE_URL`.', parseRedisUrl),
  ),
  REDIS_PREFIX: text('signalbox', 'Beginning of all keys in Redis.', parseRedisPrefix),
  ROLES: {
    ...optional<readonly Role[]>('What this process does: `api`, `scheduler`, `worker`, `notifier`.'),
    parse: parseRoles,
    fallback: ROLES as readonly Role[],
    shownDefault: ROLES.join(','),
  },
  INGEST_MODE: {
    ...optional<'direct' | 'queued' | undefined>(
      "Tenants' events: `direct` commits before the 202, `queued` hands them to Redis. Default: queued with Redis.",
    ),
    parse: oneOf(['direct', 'queued'], 'direct', '').parse,
  },
  INTAKE_MAX_EVENTS: integer(
    50_000,
    1,
    10_000_000,
    "Events waiting to be stored before tenants' posts get 503; vendors' webhooks get a quarter more.",
  ),
  INTAKE_MAX_BYTES: integer(67_108_864, 1_048_576, 4_294_967_296, 'The same in bytes.'),
  ACCOUNT_EVENTS_PER_MINUTE: integer(
    600_000,
    1,
    1_000_000_000,
    'Events a minute that an account may post, unless its own limit says otherwise.',
  ),
  ACCOUNT_BURST: integer(50_000, 1, 1_000_000_000, 'Events that an account may post at once, likewise.'),
  ACCOUNT_MONITORS: integer(10_000, 1, 1_000_000, 'Monitors that an account may have.'),
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
  UPSTREAM_API_URL: optional(
    'Where the upstream API is, for `/api/…`; without it a built-in one with fixtures (not in production).',
    parseUrl,
  ),
  UPSTREAM_CONCURRENCY: integer(
    20,
    1,
    512,
    'Reads of the upstream API at once, of all requests together; posts have as many connections of their own.',
  ),
  UPSTREAM_TIMEOUT_MS: integer(
    10_000,
    50,
    120_000,
    'Time for one request to `/api/…`, retries included; keep it below `REQUEST_TIMEOUT_MS`.',
  ),
  UPSTREAM_CACHE_MS: integer(
    10_000,
    0,
    3_600_000,
    'How long an event of the upstream API is kept; 0 is off.',
  ),
  ROUTE_WARNING: boolean(false, 'Page for warnings too. Critical events always page, info never does.'),
  PAGERDUTY_ROUTING_KEY: secret(
    optional('Integration key of the PagerDuty service. Without it, the built-in mock.', parseRoutingKey),
  ),
  PAGERDUTY_EVENTS_URL: optional(
    "Whole URL of the Events API v2. Default: PagerDuty's with a routing key, else the built-in mock.",
    parseUrl,
  ),
  SMTP_URL: secret(
    optional('Mail server for destinations of type `email`: `smtp://user:password@host:587`.', parseSmtpUrl),
  ),
  SMTP_FROM: optional('Sender of that mail: an address, or `Name <address>`.', parseSender),
  ENCRYPTION_KEY: secret(
    optional(
      '32 bytes in base64 that keep stored secrets unreadable. Default with SQLite: a key beside the file.',
      parseKey,
    ),
  ),
  ENCRYPTION_KEY_PREVIOUS: secret(
    optional('The key before it, while one takes the place of the other.', parseKey),
  ),
  ALLOW_PRIVATE_TARGETS: boolean(
    false,
    'Let URLs that users set lead to private, loopback, link-local and other special addresses.',
  ),
  EGRESS_CHECK_URLS: {
    ...optional<readonly string[]>(
      'Comma-separated URLs that answer 2xx while this machine reaches the world; asked when checks get no answer.',
    ),
    parse: parseUrls,
    fallback: [] as readonly string[],
  },
  DESTINATIONS_FILE: optional('Path of a YAML file with destinations of accounts: `docs/destinations.md`.'),
  MONITORS_FILE: optional('Path of a YAML file with monitors and maintenance windows: `docs/monitors.md`.'),
  SLOS_FILE: optional('Path of a YAML file that changes the objectives or adds some: `docs/slos.md`.'),
  SLO_ALERTS: boolean(true, 'Whether objectives and the state of the service itself make alerts.'),
  SLO_REPORT_CRON: optional('When the report on objectives is sent (cron, UTC).', parseCron),
  SLO_REPORT_TO: {
    ...optional<readonly string[]>('Where to: ids of destinations, comma-separated, or `pagerduty`.'),
    parse: parseDestinationIds,
    fallback: [] as readonly string[],
  },
  CHECK_CONCURRENCY: integer(
    200,
    1,
    10_000,
    'Checks of monitors that run at once, per process; a tenth of them at one host.',
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
