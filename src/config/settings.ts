import { readFileSync } from 'node:fs';
import { definitions, ROLES, type Role } from './definitions';
import { isLoopback } from './loopback';
import type { Setting } from './setting';

type Definitions = typeof definitions;
type Values = { readonly [K in keyof Definitions]: Definitions[K] extends Setting<infer T> ? T : never };

/** The environment variables that settings are read from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The service refuses to start; `faults` holds one sentence per faulty setting. */
export class InvalidSettingsError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `Signalbox cannot start, because of its settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'InvalidSettingsError';
  }
}

/**
 * All settings, validated, by the names of their environment variables. Injected wherever something can be
 * configured; nothing else reads the environment.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the fields are Object.assign'ed from `definitions`
export class Settings {
  private constructor(values: Values) {
    Object.assign(this, values);
  }

  /**
   * Reads and checks every setting. An empty variable counts as absent.
   *
   * @throws InvalidSettingsError naming every fault at once
   */
  static load(environment: Environment): Settings {
    const faults: string[] = [];
    const values: Record<string, unknown> = {};
    for (const [name, setting] of Object.entries<Setting<unknown>>(definitions)) {
      try {
        const text = readText(name, setting, environment);
        values[name] = text === undefined || text === '' ? setting.fallback : setting.parse(text);
      } catch (cause) {
        faults.push(`${name} ${(cause as Error).message}`);
      }
    }
    const settings = new Settings(values as Values);
    faults.push(...findContradictions(settings));
    if (faults.length > 0) throw new InvalidSettingsError(faults);
    return settings;
  }

  get isProduction(): boolean {
    return this.NODE_ENV === 'production';
  }

  get isPostgres(): boolean {
    return !this.DATABASE_URL.startsWith('sqlite:');
  }

  /** Whether several processes share the work, over PostgreSQL and Redis. */
  get isScaled(): boolean {
    return this.REDIS_URL !== undefined;
  }

  /** How tenants' events are taken. */
  get ingestMode(): 'direct' | 'queued' {
    return this.INGEST_MODE ?? (this.isScaled ? 'queued' : 'direct');
  }

  /** Names of all status pages that there can be. */
  get pageNames(): readonly string[] {
    return ['spreedly', 'braze', ...this.STATUS_PAGES.map(({ name }) => name)];
  }

  hasRole(role: Role): boolean {
    return this.ROLES.includes(role);
  }

  /** Path of the SQLite file. */
  get sqlitePath(): string {
    return this.DATABASE_URL.replace(/^sqlite:(\/\/(?=\/))?/, '');
  }

  /** Every setting for the boot log, secrets masked. */
  redacted(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries<Setting<unknown>>(definitions).map(([name, setting]) => {
        const value = this[name as keyof Values];
        const isHidden = setting.isSecret && value !== undefined && !isPathOfSqlite(value);
        return [name, isHidden ? '[redacted]' : withoutQueries(value)];
      }),
    );
  }
}

/** The one value of a secret setting that is none, and that an operator wants to see. */
function isPathOfSqlite(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('sqlite:');
}

/** URLs in a value lose their queries, which may hold somebody's key. */
function withoutQueries(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'object') return value;
  const text = JSON.stringify(value).replaceAll(/(https?:[^"?]*)\?[^"]*/g, '$1?[redacted]');
  return JSON.parse(text) as unknown;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Settings extends Values {}

/** The variable's text; a secret may also come from the file that `<NAME>_FILE` names. */
function readText(name: string, setting: Setting<unknown>, environment: Environment): string | undefined {
  const text = environment[name];
  const file = setting.isSecret ? environment[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return text?.trim();
  if (text !== undefined && text !== '') throw new Error(`is set twice: by ${name} and by ${name}_FILE`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`cannot be read from the file that ${name}_FILE names (${codeOf(cause)})`, { cause });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** Settings that are right one by one and wrong together. */
function findContradictions(settings: Partial<Values>): string[] {
  const faults: string[] = [];
  const { HOST, ALLOW_ANONYMOUS, ADMIN_TOKEN } = settings;
  if (HOST !== undefined && !isLoopback(HOST) && ADMIN_TOKEN === undefined && ALLOW_ANONYMOUS === false) {
    faults.push(
      `HOST is ${HOST}, which other machines can reach, and there are no credentials: ` +
        'set ADMIN_TOKEN, or listen on 127.0.0.1, or say ALLOW_ANONYMOUS=true',
    );
  }
  faults.push(...findMixedProfiles(settings), ...findHalfLogin(settings));
  const { DELIVERY_BASE_MS = 0, DELIVERY_MAX_MS = Infinity } = settings;
  if (DELIVERY_MAX_MS < DELIVERY_BASE_MS) faults.push('DELIVERY_MAX_MS must not be below DELIVERY_BASE_MS');
  const { SHUTDOWN_DRAIN_MS = 0, SHUTDOWN_GRACE_MS = Infinity } = settings;
  if (SHUTDOWN_DRAIN_MS >= SHUTDOWN_GRACE_MS)
    faults.push('SHUTDOWN_DRAIN_MS must be below SHUTDOWN_GRACE_MS');
  if ((settings.SMTP_URL === undefined) !== (settings.SMTP_FROM === undefined))
    faults.push('SMTP_URL and SMTP_FROM need each other');
  if ((settings.SLO_REPORT_CRON === undefined) !== ((settings.SLO_REPORT_TO ?? []).length === 0))
    faults.push('SLO_REPORT_CRON and SLO_REPORT_TO need each other');
  if (settings.ENCRYPTION_KEY === undefined && settings.ENCRYPTION_KEY_PREVIOUS !== undefined)
    faults.push('ENCRYPTION_KEY_PREVIOUS needs ENCRYPTION_KEY');
  return faults;
}

/** What people need to log in is there as a whole, or not at all. */
function findHalfLogin(settings: Partial<Values>): string[] {
  const { DATABASE_URL, ROLES: roles = [] } = settings;
  const faults: string[] = [];
  const isShared = DATABASE_URL !== undefined && !DATABASE_URL.startsWith('sqlite:') && roles.includes('api');
  if (isShared && 'AUTH_SECRET' in settings && settings.AUTH_SECRET === undefined) {
    faults.push('AUTH_SECRET is needed where DATABASE_URL is PostgreSQL, the same in all processes');
  }
  const ofProvider = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'] as const;
  const missing = ofProvider.filter((name) => settings[name] === undefined);
  // PUBLIC_URL alone is no half of anything.
  const isBegun = ofProvider.some((name) => name !== 'PUBLIC_URL' && settings[name] !== undefined);
  const areRead = ofProvider.every((name) => name in settings);
  if (isBegun && areRead && missing.length > 0)
    faults.push(`${missing.join(', ')} must be set for OpenID Connect too`);
  const { OIDC_ROLE_CLAIM, OIDC_ROLE_MAP = [], OIDC_ISSUER } = settings;
  if ((OIDC_ROLE_CLAIM === undefined) !== (OIDC_ROLE_MAP.length === 0))
    faults.push('OIDC_ROLE_CLAIM and OIDC_ROLE_MAP need each other');
  if (OIDC_ROLE_CLAIM !== undefined && OIDC_ISSUER === undefined && 'OIDC_ISSUER' in settings)
    faults.push('OIDC_ROLE_CLAIM needs OIDC_ISSUER');
  return faults;
}

/** The two profiles cannot be mixed: each database has the companion it was tried with. */
function findMixedProfiles(settings: Partial<Values>): string[] {
  const { DATABASE_URL, REDIS_URL } = settings;
  // What could not be read has been told of already.
  if (DATABASE_URL === undefined || !('REDIS_URL' in settings)) return [];
  const isPostgres = !DATABASE_URL.startsWith('sqlite:');
  if (isPostgres && REDIS_URL === undefined)
    return ['DATABASE_URL is PostgreSQL, and so REDIS_URL is needed too'];
  if (isPostgres) return [];
  const faults: string[] = [];
  if (REDIS_URL !== undefined) faults.push('REDIS_URL is set, and so DATABASE_URL must be postgres://…');
  if (settings.DATABASE_REPLICA_URL !== undefined)
    faults.push('DATABASE_REPLICA_URL needs a DATABASE_URL of PostgreSQL');
  if (settings.INGEST_MODE === 'queued')
    faults.push('INGEST_MODE=queued needs REDIS_URL and a DATABASE_URL of PostgreSQL');
  if (settings.ROLES !== undefined && settings.ROLES.length < ROLES.length) {
    faults.push(
      'ROLES must name all four where DATABASE_URL is a SQLite file, which only one process can use',
    );
  }
  return faults;
}
