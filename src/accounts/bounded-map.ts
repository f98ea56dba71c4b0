/** A Map of at most so many entries: beyond that, what was not used for longest goes. */
export class BoundedMap<Key, Value> {
  /** In the order of use: a Map keeps the order in which its keys were set. */
  private readonly entries = new Map<Key, Value>();

  constructor(private readonly maxEntries: number) {}

  /** The value, which counts as used now. */
  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.maxEntries) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  get size(): number {
    return this.entries.size;
  }
}
