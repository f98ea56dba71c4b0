/** Those who want to know of something. They are called in turn, and so have to be quick; they must not throw. */
export class Listeners<T> {
  private readonly all: ((told: T) => void)[] = [];

  /** Adds a listener, for as long as the service runs. */
  observe(listener: (told: T) => void): void {
    this.all.push(listener);
  }

  tell(told: T): void {
    for (const listener of this.all) listener(told);
  }
}
