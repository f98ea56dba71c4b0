import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { Leadership } from '../../roles/leadership';
import { MetricsRegistry } from '../../telemetry/metrics/metrics-registry';
import { Readings } from '../../telemetry/metrics/readings';

/** More are not counted: reading them would cost more than the exact number is worth. */
const MAX_COUNTED = 10_000;

const COUNT = new Statement<{ count: number }>(
  () => `
  SELECT CAST(count(*) AS integer) AS count FROM
    (SELECT 1 FROM dead_letters WHERE replayed_at IS NULL LIMIT ${MAX_COUNTED}) d`,
);

/** How many events were accepted and cannot be stored. */
@Injectable()
export class DeadLetterMetrics {
  constructor(database: Database, leadership: Leadership, metrics: MetricsRegistry, readings: Readings) {
    const name = 'dead_letters';
    const help = `Accepted events that cannot be stored and were not replayed; at most ${MAX_COUNTED} are counted.`;
    const gauge = metrics.gauge({ name, help });
    readings.add({
      name,
      isOurs: () => leadership.isLeader,
      read: async () => {
        const [row] = await COUNT.run(database.read);
        gauge.set(row?.count ?? 0);
      },
      forget: () => gauge.reset(),
    });
  }
}
