import { Client } from 'pg';
import { inPostgresSession } from '../harness/postgres-session';

/** A statement as it was sent to PostgreSQL. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A part of a plan, with the fields of EXPLAIN (ANALYZE, FORMAT JSON) that are of interest here. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Loops': number;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/** What the services of this process send while `work` runs, and that names the table of events. */
export async function statementsOnEvents(work: () => Promise<unknown>): Promise<SentStatement[]> {
  const sent: SentStatement[] = [];
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    for (const [text, values = []] of spy.mock.calls as unknown as [string, unknown[]?][]) {
      if (/\bevents\b/.test(text)) sent.push({ text, values });
    }
  } finally {
    spy.mockRestore();
  }
  return sent;
}

/** All parts of the plan by which PostgreSQL carries out a statement. It is carried out, and rolled back. */
export function explain(databaseUrl: string, { text, values }: SentStatement): Promise<PlanNode[]> {
  return inPostgresSession(databaseUrl, async (client) => {
    await client.query('BEGIN');
    // So that a statement that has added to it can do so once more.
    await client.query('DELETE FROM event_revisions');
    const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
      text: `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
      values: [...values],
    });
    await client.query('ROLLBACK');
    return withParts(explained.rows[0]!['QUERY PLAN'][0].Plan);
  });
}

/** The partitions of `events` that a plan has really looked into. */
export function partitionsRead(plan: readonly PlanNode[]): string[] {
  const read = plan.filter((node) => node['Actual Loops'] > 0).map((node) => node['Relation Name'] ?? '');
  return [...new Set(read.filter((name) => /^events_\d+$/.test(name)))];
}

function withParts(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withParts)];
}
