/** Why an aim is missed, by the aim's id: found with a profiler, and said wherever the miss is shown. */
export const knownMisses: Readonly<Record<string, string>> = {
  critical_ack:
    '2,000 critical events a second are all that one core can take with a commit before each acknowledgement, a ' +
    'claim and a completion for each delivery; what is over the aim is queueing, and runs differ by some ' +
    'milliseconds around it',
  ingest_share:
    'around the aim: a webhook takes 150 µs of the main thread (Fastify, Nest, signature, the way to the thread that ' +
    'writes and back) and 100 µs of that thread, where the bare server needs 40 to 50; two threads that hand over to each ' +
    'other wait for the processor to wake up, and so neither of the two processors is ever full',
  events_share:
    'an event takes 160 µs of the main thread (Fastify, Nest, limits, validation, the way to the thread that writes and ' +
    'back) and 110 µs of that thread (40 its row with eight indexes, 10 time line and counters, 50 the commit), where the ' +
    'bare server needs 40; two threads that hand over to each other wait for the processor to wake up, and so neither of ' +
    'the two processors is ever full (main thread 75 %, the other one 53 %)',
  events_p99:
    'commits that take 100 to 400 ms: while a checkpoint syncs the database file, this virtual disk lets the sync of the ' +
    'log wait; the p50 shows what it is like in between',
  batches:
    'SQLite needs 15 to 20 µs for an event (its row of 600 bytes, eight indexes, time line, counters), and the disk for ' +
    'what that makes of pages; reading and checking 500 events takes the main thread 5 µs each beside it',
  lists_p99:
    'a p99 is the fifth slowest of 500 answers of 2 ms, so it shows a garbage collection more or less, in either ' +
    'direction; the p50 and the plans (test/recording/lists.spec.ts) show that the cost does not grow with the data',
};
