/** A stretch of time from an instant to another, which is excluded. */
export interface Span {
  readonly from_at: number;
  readonly until_at: number;
}

/** The same time as spans in order that neither overlap nor touch; empty ones are left out. */
export function unite(spans: readonly Span[]): readonly Span[] {
  const ordered = spans
    .filter(({ from_at, until_at }) => from_at < until_at)
    .sort((one, other) => one.from_at - other.from_at);
  const united: Span[] = [];
  for (const span of ordered) {
    const last = united.at(-1);
    if (last === undefined || span.from_at > last.until_at) united.push(span);
    else united[united.length - 1] = { ...last, until_at: Math.max(last.until_at, span.until_at) };
  }
  return united;
}

/** What of a span lies within another; empty or negative where nothing does. */
export function clip(span: Span, within: Span): Span {
  return {
    from_at: Math.max(span.from_at, within.from_at),
    until_at: Math.min(span.until_at, within.until_at),
  };
}

/** Whether an instant lies in one of them. */
export function isWithin(spans: readonly Span[], at: number): boolean {
  return spans.some(({ from_at, until_at }) => from_at <= at && at < until_at);
}
