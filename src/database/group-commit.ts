/** How much one batch may hold. */
export interface BatchLimits<Item> {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets concurrent callers share one transaction, and so one fsync. There is no artificial delay: while one
 * batch is being committed the next one gathers, so the batches grow with the load and a lone caller waits
 * for nobody. `commit` answers for each item of its batch, in order; where it throws, every caller of that
 * batch gets the error.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isRunning = false;

  constructor(
    private readonly commit: (batch: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
    private readonly limits: BatchLimits<Item>,
  ) {}

  /** Resolves once the item's batch is committed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.isRunning) return;
      this.isRunning = true;
      // Not at once: whatever else the event loop has ready to read now belongs into the same batch.
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      try {
        const results = await this.commit(batch.map(({ item }) => item));
        batch.forEach((waiting, index) => settle(waiting, results[index]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      // SQLite commits without leaving the event loop; let it read what arrived meanwhile.
      await new Promise(setImmediate);
    }
    this.isRunning = false;
  }

  private takeBatch(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes, bytesOf } = this.limits;
    let bytes = 0;
    let count = 0;
    for (const { item } of this.waiting) {
      bytes += bytesOf(item);
      if (count > 0 && (count >= maxItems || bytes > maxBytes)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }
}

function settle<Item, Result>(
  waiting: Waiting<Item, Result>,
  result: PromiseSettledResult<Result> | undefined,
): void {
  if (result?.status === 'fulfilled') return waiting.resolve(result.value);
  waiting.reject(result?.reason ?? new Error('the commit gave no answer for an item of its batch'));
}
