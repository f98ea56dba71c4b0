/** The queues that there are. */
export const QUEUES = ['events', 'deliveries', 'checks'] as const;
export type QueueName = (typeof QUEUES)[number];
