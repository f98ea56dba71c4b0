/** Something that was promised in numbers, and what came of it. */
export interface Aim {
  /** Names it among the known misses. */
  readonly id: string;
  readonly aim: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** Rows of text under a head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a workload found. */
export interface Report {
  readonly title: string;
  /** What was done, so that the numbers can be read. */
  readonly method: string;
  readonly tables: readonly Table[];
  readonly aims: readonly Aim[];
}

/** Milliseconds, to three significant digits. */
export function ms(value: number): string {
  return `${significant(value)} ms`;
}

/** Bytes, as MB of 10^6. */
export function megabytes(bytes: number): string {
  return `${significant(bytes / 1_000_000)} MB`;
}

/** A whole number with thousands set apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share of 1. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A ratio of two measurements. */
export function ratio(value: number): string {
  return value.toFixed(2);
}

function significant(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  return Math.abs(value) >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}
