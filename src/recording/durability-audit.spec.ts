import { MetricsRegistry } from '../telemetry/metrics/metrics-registry';
import { DurabilityAudit } from './durability-audit';

let audit: DurabilityAudit;
beforeEach(() => {
  audit = new DurabilityAudit(new MetricsRegistry());
});

it('is even while events are being stored, when they are, and when they could not be', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stored = audit.watch(3, () => promise);
  expect(audit.mismatch).toBe(0);
  audit.noteDurable(3);
  resolve();
  await stored;
  expect(audit.mismatch).toBe(0);
  await expect(audit.watch(2, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(audit.mismatch).toBe(0);
});

it('tells of events whose sender was told that they are stored, and that were never committed', async () => {
  await audit.watch(2, () => Promise.resolve());
  expect(audit.mismatch).toBe(2);
});
