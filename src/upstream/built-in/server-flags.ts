import { parseArgs } from 'node:util';
import type { Conduct, Outage } from './server-conduct';

export const USAGE = `Starts a slow events API on 127.0.0.1, to try the service's /api/… against.

  npm run upstream:mock -- [--port 4010] [--delay 500] [--failure-rate 0.2] [--hang 0.05]
                           [--flapping 10000] [--outage 20000-50000,90000-95000] [--data FOLDER]

  --delay         what GET /getEventById/:id takes, in ms
  --failure-rate  share of requests that are answered 503, from 0 to 1
  --hang          share of requests that are never answered, likewise
  --flapping      works for so many ms, is down for so many, and so on
  --outage        when it is down, in ms since the start
  --data          a folder with users.json and events.json, in place of fixtures/upstream

GET /counts tells how often each route was asked, and how many requests there were at the same time.`;

/** How the server is started. */
export interface ServerFlags {
  readonly port: number;
  readonly conduct: Conduct;
  readonly folder: string | undefined;
}

const OPTIONS = {
  port: { type: 'string', default: '4010' },
  delay: { type: 'string', default: '500' },
  'failure-rate': { type: 'string', default: '0' },
  hang: { type: 'string', default: '0' },
  flapping: { type: 'string' },
  outage: { type: 'string', default: '' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads the command line; null where it asks for an explanation.
 *
 * @throws Error that names a fault
 */
export function readFlags(args: readonly string[]): ServerFlags | null {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return null;
  return {
    port: whole('--port', values.port),
    conduct: {
      delayMs: whole('--delay', values.delay),
      failureRate: share('--failure-rate', values['failure-rate']),
      hangRate: share('--hang', values.hang),
      flappingMs: values.flapping === undefined ? null : whole('--flapping', values.flapping, 1),
      outages: values.outage.split(',').filter(Boolean).map(outage),
    },
    folder: values.data,
  };
}

function whole(flag: string, text: string, least = 0): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new Error(`${flag} must be a whole number from ${least}`);
  }
  return Number(text);
}

function share(flag: string, text: string): number {
  if (!/^\d*\.?\d+$/.test(text) || Number(text) > 1) throw new Error(`${flag} must be a number from 0 to 1`);
  return Number(text);
}

function outage(text: string): Outage {
  const [, from = '', until = ''] = /^(\d{1,9})-(\d{1,9})$/.exec(text.trim()) ?? [];
  if (until === '' || Number(from) >= Number(until)) {
    throw new Error('--outage must be of parts like 20000-50000, each with its end behind its beginning');
  }
  return { fromMs: Number(from), untilMs: Number(until) };
}
