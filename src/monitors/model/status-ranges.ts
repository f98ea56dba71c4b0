/** A status that HTTP can carry (three digits, RFC 9112 section 4), or a range of them. */
const STATUS_RANGE = /^([1-9]\d\d)(?:-([1-9]\d\d))?$/;

/** Whether it is a status (`204`) or a range of them that is not empty (`200-299`). */
export function isStatusRange(text: string): boolean {
  const range = readRange(text);
  return range !== null && range.first <= range.last;
}

/** Whether one of the ranges holds the status. */
export function isStatusWithin(ranges: readonly string[], status: number): boolean {
  return ranges.some((text) => {
    const range = readRange(text);
    return range !== null && range.first <= status && status <= range.last;
  });
}

function readRange(text: string): { readonly first: number; readonly last: number } | null {
  const parts = STATUS_RANGE.exec(text);
  return parts === null ? null : { first: Number(parts[1]), last: Number(parts[2] ?? parts[1]) };
}
