/** MONITORS_FILE cannot be used; `faults` holds a sentence for each reason. */
export class InvalidMonitorsFileError extends Error {
  constructor(
    readonly path: string,
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    const list = faults.map((fault) => `  - ${fault}`).join('\n');
    super(`MONITORS_FILE (${path}) cannot be used:\n${list}`, options);
    this.name = 'InvalidMonitorsFileError';
  }
}
