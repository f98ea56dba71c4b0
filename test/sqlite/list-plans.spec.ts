import { Database } from '../../src/database/database';
import { startService, stopServices, type RunningService } from '../harness/service';

describe('GET /events', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(stopServices);

  it.each([
    ['', 'ix_events_arrival'],
    ['?account_id=a', 'ix_events_account'],
    ['?source=s', 'ix_events_source'],
    ['?service=s', 'ix_events_service'],
    ['?severity=critical', 'ix_events_severity'],
    ['?kind=incident', 'ix_events_kind'],
    ['?open=true', 'ix_events_open'],
  ])('reads %s by an index, and sorts no more than what came at one moment', async (query, index) => {
    const statements: string[] = [];
    const reader = service.app.get(Database).read;
    const original = reader.connection.logger;
    reader.connection.logger = { ...original, logQuery: (sql: string) => statements.push(sql) };
    await service.client.events(query);
    reader.connection.logger = original;
    const sql = statements.find((statement) => statement.includes('octet_length'))!;
    const parameters = Array.from({ length: sql.split('?').length - 1 }, () => 'x');
    const plan = await reader.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    expect(plan.map(({ detail }) => detail).join('; ')).toContain(index);
    expect(plan.map(({ detail }) => detail)).not.toContain('USE TEMP B-TREE FOR ORDER BY');
  });
});
