/** What something was made of. Never a secret: say of one that it is there, or how many there are. */
export type Fields = Readonly<Record<string, unknown>>;

/** What became of each field that is not what it was. */
export type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** The fields that differ; a field, or all of them, may be missing on either side, which counts as null. */
export function changesBetween(before: Fields | null, after: Fields | null): Changes {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return Object.fromEntries(
    names
      .map((name) => [name, { from: before?.[name] ?? null, to: after?.[name] ?? null }] as const)
      .filter(([, { from, to }]) => JSON.stringify(from) !== JSON.stringify(to)),
  );
}
