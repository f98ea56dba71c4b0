/**
 * When a file that defines things is applied: at the start, at SIGHUP, and when somebody asks for it. One run follows the
 * other, so that what is asked for twice at once is done once.
 */
export class FileLife<Result> {
  private readonly onHangup = (): void => void this.run().catch(this.onFailure);
  /** The run that is under way, and those that wait for it. */
  private running: Promise<unknown> = Promise.resolve();

  /**
   * @param apply makes it as the file says
   * @param onFailure is told of a run that a signal began: whoever sent it gets no answer
   */
  constructor(
    private readonly apply: () => Promise<Result>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The first run; from then on signals begin further ones. */
  async start(): Promise<void> {
    await this.run();
    process.on('SIGHUP', this.onHangup);
  }

  run(): Promise<Result> {
    const run = this.running.then(this.apply);
    this.running = run.catch(() => undefined);
    return run;
  }

  /** Once it is done, no run is under way. */
  async stop(): Promise<void> {
    process.off('SIGHUP', this.onHangup);
    await this.running;
  }
}
