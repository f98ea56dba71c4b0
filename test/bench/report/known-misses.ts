/** Why an aim is missed, by the aim's id: found with a profiler, and said wherever the miss is shown. */
export const knownMisses: Readonly<Record<string, string>> = {
  critical_ack:
    '2,000 critical events a second are all that one core can take with a commit before each acknowledgement, a ' +
    'claim and a completion for each delivery; what is over the aim is queueing, and runs differ by some ' +
    'milliseconds around it',
  lists_p99:
    'a p99 is the fifth slowest of 500 answers of 2 ms, so it shows a garbage collection more or less, in either ' +
    'direction; the p50 and the plans (test/recording/lists.spec.ts) show that the cost does not grow with the data',
};
