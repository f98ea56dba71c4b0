/** Whether the full counts are run (`npm run test:long`). */
const isLong = process.env['TEST_LONG'] === '1';

/** How often a test repeats: less in `npm test`, in full in `npm run test:long`. */
export function repetitions(counts: { readonly short: number; readonly long: number }): number {
  return isLong ? counts.long : counts.short;
}

/** A random source that can be repeated: `SEED` sets it, and it is printed for whoever needs it again. */
export function seededRandom(name: string): () => number {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2_147_483_647);
  process.stdout.write(`${name}: SEED=${seed}\n`);
  let state = seed;
  // Park and Miller's minimal standard generator (CACM 31:10, 1988).
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
