import { readDefinition } from '../model/definition';
import { sketchOf, sketchText } from '../model/latency-sketch';
import type { MonitorDefinition } from '../model/monitor';
import { NO_CHECKS } from '../model/uptime';
import { uptimeAnswer, type UptimeFacts } from './uptime-answer';
import { uptimeSpan } from './uptime-span';

const NOW = Date.parse('2026-01-15T10:40:00.000Z');

function definition(fields: Record<string, unknown>): MonitorDefinition {
  const reading = readDefinition({ name: 'API', ...fields });
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.definition;
}

function facts(changes: Partial<UptimeFacts> = {}): UptimeFacts {
  return {
    window: '24h',
    span: uptimeSpan('24h', NOW),
    monitor: { id: 'm1', definition: definition({ url: 'https://api.example.com/' }), created_at: 0 },
    rollups: [],
    schedules: [],
    incidents: [],
    ...changes,
  };
}

const rollup = (counts: Partial<typeof NO_CHECKS>, durationsMs: readonly number[] = []) => ({
  ...NO_CHECKS,
  ...counts,
  sketch: sketchText(sketchOf(durationsMs)),
});

describe('the span of a window', () => {
  it.each([
    ['24h', '2026-01-14T10:00:00.000Z', 3_600_000],
    ['7d', '2026-01-08T10:00:00.000Z', 3_600_000],
    ['30d', '2025-12-16T00:00:00.000Z', 86_400_000],
    ['90d', '2025-10-17T00:00:00.000Z', 86_400_000],
  ] as const)('of %s begins with a whole bucket', (window, from, span_ms) => {
    expect(uptimeSpan(window, NOW)).toEqual({ span_ms, from_at: Date.parse(from), until_at: NOW });
  });
});

describe('the answer about a window', () => {
  it('adds up counts, and merges what checks took', () => {
    const answer = uptimeAnswer(
      facts({
        rollups: [
          rollup({ up: 90, down: 5, unknown: 3 }, [100, 100]),
          rollup({ degraded: 5, maintenance: 7 }, [200]),
        ],
      }),
    );
    expect(answer).toMatchObject({
      uptime_percent: 95,
      checks: { up: 90, degraded: 5, down: 5, unknown: 3, maintenance: 7 },
    });
    expect(answer.latency!.p50_ms).toBeGreaterThanOrEqual(99);
    expect(answer.latency!.p50_ms).toBeLessThanOrEqual(101);
    expect(answer.latency!.p99_ms).toBeLessThanOrEqual(101);
  });

  it('knows nothing where there is nothing', () => {
    expect(uptimeAnswer(facts())).toEqual({
      monitor_id: 'm1',
      window: '24h',
      from: '2026-01-14T10:00:00.000Z',
      until: '2026-01-15T10:40:00.000Z',
      uptime_percent: null,
      coverage_percent: 0,
      checks: NO_CHECKS,
      latency: null,
      maintenance_s: 0,
      incidents: [],
    });
  });

  it('expects no checks from before there was the monitor', () => {
    const monitor = { ...facts().monitor, created_at: NOW - 3_600_000 };
    const rollups = [rollup({ up: 60 })];
    expect(uptimeAnswer(facts({ monitor, rollups }))).toMatchObject({ coverage_percent: 100 });
    expect(uptimeAnswer(facts({ rollups })).coverage_percent).toBeLessThan(5);
  });

  it('expects one call in each period of a heartbeat', () => {
    const monitor = {
      id: 'm1',
      definition: definition({ type: 'heartbeat', period_s: 3_600 }),
      created_at: 0,
    };
    expect(uptimeAnswer(facts({ monitor, rollups: [rollup({ up: 12 })] }))).toMatchObject({
      uptime_percent: 100,
      coverage_percent: 50,
    });
  });

  it('says how long there was maintenance, within the window', () => {
    const schedules = [
      { repeats: 'once', starts_at: 0, ends_at: Date.parse('2026-01-14T11:00:00Z') },
      { repeats: 'once', starts_at: NOW - 60_000, ends_at: NOW + 60_000 },
    ] as const;
    expect(uptimeAnswer(facts({ schedules }))).toMatchObject({ maintenance_s: 3_660 });
  });

  it('says how long incidents lasted, or have lasted so far', () => {
    const incidents = [
      { event_id: 'b', started_at: NOW - 90_000, resolved_at: null },
      { event_id: 'a', started_at: NOW - 400_000, resolved_at: NOW - 100_000 },
    ];
    expect(uptimeAnswer(facts({ incidents })).incidents).toEqual([
      { event_id: 'b', started_at: '2026-01-15T10:38:30.000Z', resolved_at: null, duration_s: 90 },
      {
        event_id: 'a',
        started_at: '2026-01-15T10:33:20.000Z',
        resolved_at: '2026-01-15T10:38:20.000Z',
        duration_s: 300,
      },
    ]);
  });
});
