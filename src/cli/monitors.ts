import { parseArgs } from 'node:util';
import { processEnvironment } from '../config/environment';
import { Settings } from '../config/settings';
import { planText } from '../monitors/file/plan-text';
import type { PlanView } from '../monitors/file/plan-view';

const USAGE = `Compares the running service's MONITORS_FILE with its monitors.

  npm run monitors -- plan   [--url http://127.0.0.1:3000] [--token …]   shows the difference
  npm run monitors -- apply  [--url http://127.0.0.1:3000] [--token …]   shows it, then makes it so

Without --token: ADMIN_TOKEN, if there is one.`;

/** Shows what is to be done, and does it; the exit code says whether that was possible. */
async function monitors(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string' }, token: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command, ...others] = positionals;
  if (values.help === true || (command !== 'plan' && command !== 'apply') || others.length > 0) {
    console.log(USAGE);
    return values.help === true ? 0 : 2;
  }
  const settings = Settings.load(processEnvironment());
  const url = values.url ?? `http://127.0.0.1:${settings.PORT}`;
  const token = values.token ?? settings.ADMIN_TOKEN;
  console.log(planText(await ask(new URL('/monitors-file/plan', url), 'GET', token)));
  if (command === 'plan') return 0;
  const { changes } = await ask(new URL('/monitors-file/apply', url), 'POST', token);
  console.log(`applied: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`);
  return 0;
}

async function ask(url: URL, method: string, token: string | undefined): Promise<PlanView> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method, headers });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as PlanView;
  throw new Error(messageOf(text) ?? `${url.href} answers ${response.status}`);
}

/** What an error of the service says; undefined where somebody else has answered. */
function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly message?: string }).message;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

monitors().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, cause } = error as Error;
    console.error(cause instanceof Error ? `${message}: ${cause.message}` : message);
    process.exitCode = 1;
  },
);
