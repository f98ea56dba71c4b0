import { readFileSync } from 'node:fs';
import { definitions } from './definitions';
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

  /** Path of the SQLite file. */
  get sqlitePath(): string {
    return this.DATABASE_URL.replace(/^sqlite:(\/\/(?=\/))?/, '');
  }

  /** Every setting for the boot log, secrets masked. */
  redacted(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries<Setting<unknown>>(definitions).map(([name, setting]) => {
        const value = this[name as keyof Values];
        return [name, setting.isSecret && value !== undefined ? '[redacted]' : withoutQueries(value)];
      }),
    );
  }
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
  const { HOST, ALLOW_ANONYMOUS } = settings;
  if (HOST !== undefined && !isLoopback(HOST) && ALLOW_ANONYMOUS === false) {
    faults.push(
      `HOST is ${HOST}, which other machines can reach, and there are no credentials: ` +
        'listen on 127.0.0.1, or say ALLOW_ANONYMOUS=true',
    );
  }
  const { DELIVERY_BASE_MS = 0, DELIVERY_MAX_MS = Infinity } = settings;
  if (DELIVERY_MAX_MS < DELIVERY_BASE_MS) faults.push('DELIVERY_MAX_MS must not be below DELIVERY_BASE_MS');
  const { SHUTDOWN_DRAIN_MS = 0, SHUTDOWN_GRACE_MS = Infinity } = settings;
  if (SHUTDOWN_DRAIN_MS >= SHUTDOWN_GRACE_MS)
    faults.push('SHUTDOWN_DRAIN_MS must be below SHUTDOWN_GRACE_MS');
  return faults;
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
