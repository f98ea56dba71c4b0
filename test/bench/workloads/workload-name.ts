/** The workloads, in the order in which they run. */
export const workloadNames = ['ingest', 'critical', 'lists', 'pages', 'footprint'] as const;

export type WorkloadName = (typeof workloadNames)[number];
