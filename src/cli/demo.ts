import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings';
import { PACKAGE_ROOT } from '../config/version';
import { createApp } from '../create-app';
import { signatureHeader } from '../ingest/stripe-signature';

const SECRET = 'whsec_for_this_demo_only';
const DELIVERY_WAIT_MS = 5_000;

interface Shown {
  readonly events: readonly Record<string, unknown>[];
}

/** Starts the service on an empty database, sends it the fixtures, and shows what became of them. */
async function demo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-demo-'));
  const settings = Settings.load({
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATABASE_URL: `sqlite:${join(folder, 'demo.db')}`,
    STRIPE_WEBHOOK_SECRET: SECRET,
  });
  const app = await createApp(settings);
  try {
    await app.listen(settings.PORT, settings.HOST);
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    console.log(`Signalbox listens on ${url}\n`);
    await sendStripeFixtures(url);
    await pullPages(url);
    await showEvents(url);
    await showPagerDuty(url);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true });
  }
}

async function sendStripeFixtures(url: string): Promise<void> {
  const folder = join(PACKAGE_ROOT, 'fixtures', 'stripe');
  for (const file of readdirSync(folder)) {
    const body = readFileSync(join(folder, file));
    const headers = { 'stripe-signature': signatureHeader(body, SECRET, Date.now()) };
    const response = await fetch(`${url}/ingest/stripe`, { method: 'POST', headers, body });
    console.log(`POST /ingest/stripe  < ${file}\n  ${response.status} ${await response.text()}`);
  }
}

async function pullPages(url: string): Promise<void> {
  for (const time of ['first', 'second']) {
    const response = await fetch(`${url}/ingest/pull-status`, { method: 'POST' });
    console.log(
      `POST /ingest/pull-status  (the ${time} time)\n  ${response.status} ${await response.text()}`,
    );
  }
}

async function showEvents(url: string): Promise<void> {
  const { events } = (await (await fetch(`${url}/events`)).json()) as Shown;
  console.log('\nGET /events');
  for (const { severity, kind, source, summary, routed } of events) {
    console.log(
      `  ${String(severity).padEnd(8)} ${String(kind).padEnd(8)} ${String(source)}: ${String(summary)}${routed === true ? '  → PagerDuty' : ''}`,
    );
  }
}

async function showPagerDuty(url: string): Promise<void> {
  const deadline = Date.now() + DELIVERY_WAIT_MS;
  let received: { readonly events: readonly unknown[]; readonly incidents: readonly unknown[] };
  do {
    await sleep(50);
    received = (await (await fetch(`${url}/destinations/pagerduty`)).json()) as typeof received;
  } while (received.incidents.length < 2 && Date.now() < deadline);
  console.log('\nGET /destinations/pagerduty  (the built-in mock)');
  console.log(JSON.stringify(received, null, 2).replace(/^/gm, '  '));
}

demo().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
