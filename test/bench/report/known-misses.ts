/** Why an aim is missed, by the aim's id: found with a profiler, and said wherever the miss is shown. */
export const knownMisses: Readonly<Record<string, string>> = {
  lists_p99:
    'a p99 is the fifth slowest of 500 answers of 2 ms, so it shows a garbage collection more or less, in either ' +
    'direction; the p50 and the plans (test/recording/lists.spec.ts) show that the cost does not grow with the data',
};
