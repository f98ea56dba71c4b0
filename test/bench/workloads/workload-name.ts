/** The workloads, in the order in which they run. */
export const workloadNames = [
  'ingest',
  'events',
  'batches',
  'scaled',
  'drain',
  'deliveries',
  'whale',
  'critical',
  'lists',
  'summaries',
  'pages',
  'monitors',
  'upstream',
  'footprint',
] as const;

export type WorkloadName = (typeof workloadNames)[number];
