import { fixtureData } from '../upstream/built-in/server-data';
import { readFlags, USAGE } from '../upstream/built-in/server-flags';
import { UpstreamServer, type Served } from '../upstream/built-in/upstream-server';

/** Runs the built-in upstream API by itself until it is told to stop, and says what it is asked. */
async function run(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags === null) return console.log(USAGE);
  const { port, conduct, folder } = flags;
  const server = await UpstreamServer.start({ data: fixtureData(folder), conduct, port, onServed: show });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  console.log(`The upstream API listens on ${server.url}. In another terminal:\n`);
  console.log(`  UPSTREAM_API_URL=${server.url} npm start\n`);
}

function show({ method, path, status }: Served): void {
  console.log(`${new Date().toISOString()} ${method} ${path} ${status ?? 'gets no answer'}`);
}

run().catch((error: unknown) => {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
});
