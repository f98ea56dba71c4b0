/** Why an aim is missed, by the aim's id: found with a profiler, and said wherever the miss is shown. */
export const knownMisses: Readonly<Record<string, string>> = {};
