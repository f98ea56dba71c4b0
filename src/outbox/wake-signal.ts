import { Injectable } from '@nestjs/common';

/**
 * Says that deliveries were added to the outbox. It carries nothing that matters: whoever misses it finds the
 * rows by looking.
 */
@Injectable()
export class WakeSignal {
  private readonly listeners = new Set<() => void>();

  /** Calls `listener` at every signal until the returned function is called. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  raise(): void {
    for (const listener of this.listeners) listener();
  }
}
