import { Client, type QueryResultRow } from 'pg';

const CONNECT_LIMIT_MS = 5_000;
const STATEMENT_LIMIT_MS = 60_000;

/** Does the work on a connection of its own, and closes it. Rejects where the server does not answer in 5 s. */
export async function inPostgresSession<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: STATEMENT_LIMIT_MS,
  });
  // A connection that breaks rejects the statement that waits on it; without a listener it would end the process too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one statement, run on a connection of its own. */
export async function queryPostgres<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  return inPostgresSession(url, async (client) => (await client.query<Row>(sql)).rows);
}
