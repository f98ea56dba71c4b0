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
  'routing',
  'slos',
  'console',
  'upstream',
  'telemetry',
  'footprint',
] as const;

export type WorkloadName = (typeof workloadNames)[number];
