/** How much one batch may hold, and whose turn it is. */
export interface BatchLimits<Item> {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
  /** Whose an item is: where more waits than a batch may hold, everybody's items take turns. Default: all are one's. */
  readonly ownerOf?: (item: Item) => string;
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
  /** By owner, each line in the order of arrival; whose turn comes first stands first. */
  private readonly waiting = new Map<string, Waiting<Item, Result>[]>();
  private isRunning = false;

  constructor(
    private readonly commit: (batch: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
    private readonly limits: BatchLimits<Item>,
  ) {}

  /** Resolves once the item's batch is committed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const owner = this.limits.ownerOf?.(item) ?? '';
      const line = this.waiting.get(owner);
      if (line === undefined) this.waiting.set(owner, [{ item, resolve, reject }]);
      else line.push({ item, resolve, reject });
      if (this.isRunning) return;
      this.isRunning = true;
      // Not at once: whatever else the event loop has ready to read now belongs into the same batch.
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.size > 0) {
      const batch = this.takeBatch();
      try {
        const results = await this.commit(batch.map(({ item }) => item));
        batch.forEach((waiting, index) => settle(waiting, results[index]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isRunning = false;
  }

  /** One item of each owner in turn. Who has more goes to the end, and the loop comes to him again. */
  private takeBatch(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes, bytesOf } = this.limits;
    const batch: Waiting<Item, Result>[] = [];
    let bytes = 0;
    for (const [owner, line] of this.waiting) {
      const [next] = line as [Waiting<Item, Result>];
      bytes += bytesOf(next.item);
      if (batch.length > 0 && (batch.length >= maxItems || bytes > maxBytes)) break;
      batch.push(next);
      line.shift();
      this.waiting.delete(owner);
      if (line.length > 0) this.waiting.set(owner, line);
    }
    return batch;
  }
}

function settle<Item, Result>(
  waiting: Waiting<Item, Result>,
  result: PromiseSettledResult<Result> | undefined,
): void {
  if (result?.status === 'fulfilled') return waiting.resolve(result.value);
  waiting.reject(result?.reason ?? new Error('the commit gave no answer for an item of its batch'));
}
