import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiKeysRepository } from './api-keys.repository';
import { BoundedMap } from './bounded-map';

/** A key's last use is written at most so often. */
const EVERY_MS = 60_000;

/** Uses of several keys that come within this time are written together. */
const GATHER_MS = 1_000;

const MAX_KEYS = 20_000;

/** Notes when keys were used, to the minute, and never in the way of a request. */
@Injectable()
export class KeyUse implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Accounts');
  private readonly notedAt = new BoundedMap<string, number>(MAX_KEYS);
  private gathered = new Set<string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly keys: ApiKeysRepository) {}

  note(keyId: string, now: number): void {
    if (now < (this.notedAt.get(keyId) ?? 0) + EVERY_MS) return;
    this.notedAt.set(keyId, now);
    this.gathered.add(keyId);
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer !== null) await this.write();
  }

  private async write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const ids = [...this.gathered];
    this.gathered = new Set();
    try {
      await this.keys.noteUse(ids, Date.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'the last use of keys could not be noted; their next one will be');
    }
  }
}
