import { Logger } from '@nestjs/common';
import { classifyStorageError, StorageUnavailableError } from '../database/storage-error';
import { BoundedMap } from './bounded-map';
import { TooSlowError, within } from '../reliability/within';

/** What is remembered so long is used without a look into the database. */
const FRESH_MS = 10_000;

/** What is in use is renewed in the background; only what was not used for so long is renewed first. */
const IN_USE_MS = 20_000;

/** So long a renewal is waited for before what is remembered has to do. */
const RENEWAL_WAIT_MS = 250;

/** So long nobody tries again to renew what could not be renewed. */
const PAUSE_MS = 1_000;

/** After a reading that nobody could wait for, nobody waits for another one for so long. */
const SLOW_FOR_MS = 5_000;

/** So many entries of each kind, what is there and what is not. */
const MAX_ENTRIES = 20_000;

interface Entry<Value> {
  readonly value: Value | null;
  readonly loadedAt: number;
  /** Not to be renewed before. */
  renewAt: number;
}

/** Where its values come from, and how long it may be taken for granted that there is none. */
export interface Source<Value> {
  readonly name: string;
  /** Null where there is none. */
  readonly load: (key: string) => Promise<Value | null>;
  /** After so long, that there is none has to be asked again, and is not known while the database is away. */
  readonly absentForMs: number;
}

/**
 * Rows of the database, remembered in this process so that the work goes on while the database is away or slow. What
 * is in use is renewed every ten seconds without anybody waiting for it.
 */
export class Remembered<Value> {
  private readonly logger = new Logger('Accounts');
  private readonly present = new BoundedMap<string, Entry<Value>>(MAX_ENTRIES);
  /** Apart, so that nobody drives out what is known by asking for what is not there. */
  private readonly absent = new BoundedMap<string, Entry<Value>>(MAX_ENTRIES);
  private readonly underWay = new Map<string, Promise<Value | null>>();
  private slowUntil = 0;

  constructor(
    private readonly source: Source<Value>,
    private readonly clock: () => number = Date.now,
  ) {}

  /**
   * The value, or null where there is none.
   *
   * @throws StorageUnavailableError where nothing is remembered and the database is away
   */
  async get(key: string): Promise<Value | null> {
    const now = this.clock();
    const entry = this.find(key, now);
    if (entry === undefined) return this.load(key);
    if (now < entry.renewAt) return entry.value;
    entry.renewAt = now + PAUSE_MS;
    const renewal = this.renew(key, entry.value);
    if (now < entry.loadedAt + IN_USE_MS) return entry.value;
    const renewed = await this.waitFor(renewal, RENEWAL_WAIT_MS);
    return renewed === undefined ? entry.value : renewed;
  }

  /** The value, null where there is none, or undefined where that is not known in time or the database is away. */
  async getWithin(ms: number, key: string): Promise<Value | null | undefined> {
    if (this.find(key, this.clock()) !== undefined) return this.get(key);
    try {
      return await this.waitFor(this.load(key), ms);
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      return undefined;
    }
  }

  /** Replaces what is remembered, because this process has changed it. */
  set(key: string, value: Value | null): void {
    this.underWay.delete(key);
    this.keep(key, value);
  }

  /** Forgets everything, because this process has changed something that many entries hang on. */
  clear(): void {
    this.underWay.clear();
    this.present.clear();
    this.absent.clear();
  }

  private find(key: string, now: number): Entry<Value> | undefined {
    const entry = this.present.get(key) ?? this.absent.get(key);
    const isForgotten = entry?.value === null && now >= entry.loadedAt + this.source.absentForMs;
    return isForgotten ? undefined : entry;
  }

  /** What a reading gives, or undefined where it takes too long, or others just did. */
  private async waitFor(reading: Promise<Value | null>, ms: number): Promise<Value | null | undefined> {
    const isSlow = this.clock() < this.slowUntil;
    try {
      return await within(isSlow ? 0 : ms, reading);
    } catch (error) {
      if (!(error instanceof TooSlowError)) throw error;
      if (!isSlow) this.slowUntil = this.clock() + SLOW_FOR_MS;
      return undefined;
    }
  }

  /** Never rejects: where it cannot be renewed, what was remembered stays. */
  private async renew(key: string, old: Value | null): Promise<Value | null> {
    try {
      return await this.load(key);
    } catch (error) {
      const isAway = error instanceof StorageUnavailableError;
      const line = { err: error, what: this.source.name };
      if (isAway) this.logger.debug(line, 'could not be renewed; what is remembered is used');
      else this.logger.error(line, 'could not be renewed; what is remembered is used');
      return old;
    }
  }

  /** One at a time for each key; what `set` has overtaken is not kept. */
  private load(key: string): Promise<Value | null> {
    const known = this.underWay.get(key);
    if (known !== undefined) return known;
    const loading = this.loadAndKeep(key, () => this.underWay.get(key) === loading);
    this.underWay.set(key, loading);
    return loading;
  }

  private async loadAndKeep(key: string, isCurrent: () => boolean): Promise<Value | null> {
    try {
      const value = await this.source.load(key);
      if (isCurrent()) this.keep(key, value);
      return value;
    } catch (error) {
      throw classifyStorageError(error);
    } finally {
      if (isCurrent()) this.underWay.delete(key);
    }
  }

  private keep(key: string, value: Value | null): void {
    const now = this.clock();
    const entry = { value, loadedAt: now, renewAt: now + FRESH_MS };
    const [place, other] = value === null ? [this.absent, this.present] : [this.present, this.absent];
    place.set(key, entry);
    other.delete(key);
  }
}
