/** A file that a setting names cannot be used; `faults` holds a sentence for each reason. */
export class InvalidFileError extends Error {
  constructor(
    /** Name of the setting. */
    readonly setting: string,
    readonly path: string,
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    const list = faults.map((fault) => `  - ${fault}`).join('\n');
    super(`${setting} (${path}) cannot be used:\n${list}`, options);
    this.name = 'InvalidFileError';
  }
}
