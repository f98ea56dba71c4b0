/** Takes the place of a server's clock: lets nothing pass until it is opened, and then everything. */
export class Held {
  private readonly opened = Promise.withResolvers<void>();

  readonly wait = (): Promise<void> => this.opened.promise;

  open(): void {
    this.opened.resolve();
  }
}
