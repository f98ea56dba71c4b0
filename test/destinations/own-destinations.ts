import type { Environment } from '../../src/config/settings';
import { NO_BREAKER } from '../delivery/paging-service';
import { startService, type RunningService } from '../harness/service';
import type { Received, Receiver } from './receiver';

/** Made up; 24 bytes each. */
export const SECRET = `whsec_${Buffer.from('the newest of our secrets').subarray(0, 24).toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.from('the secret of last year .').subarray(0, 24).toString('base64')}`;
export const ROUTING_KEY = 'AccountsOwnRoutingKey00000000000';
export const OPERATORS_KEY = 'OperatorsRoutingKey0000000000000';
export const SLACK_PATH = '/services/T0000SECRET/B0000SECRET/aSecretThatNobodyMaySee';

/** What of all these nobody may find anywhere. */
export const SECRETS = [SECRET, OLD_SECRET]
  .map((secret) => secret.slice('whsec_'.length))
  .concat(ROUTING_KEY, OPERATORS_KEY, SLACK_PATH);

/** A destination as the API shows it. */
export interface ShownDestination {
  readonly id: string;
  readonly name: string;
  readonly account_id: string;
  readonly settings: Record<string, unknown>;
  readonly enabled: boolean;
}

/** A service that may send to this machine, and whose own PagerDuty is a stand-in. */
export function startSending(
  { url }: Pick<Receiver, 'url'>,
  environment: Environment = {},
): Promise<RunningService> {
  return startService({
    ...NO_BREAKER,
    ALLOW_PRIVATE_TARGETS: 'true',
    PAGERDUTY_EVENTS_URL: `${url}/v2/enqueue`,
    PAGERDUTY_ROUTING_KEY: OPERATORS_KEY,
    DELIVERY_TIMEOUT_MS: '10000',
    ...environment,
  });
}

/** Adds a destination to account `default`, or the one that `more` names. */
export async function add(
  { client }: RunningService,
  type: string,
  settings: unknown,
  more: Record<string, unknown> = {},
): Promise<ShownDestination> {
  const { status, body } = await client.post('/destinations', { name: type, type, settings, ...more });
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body as unknown as ShownDestination;
}

/** Settings of each type that is reached over HTTP, at a receiver. */
export function settingsAt({
  url,
}: Pick<Receiver, 'url'>): Readonly<Record<'slack' | 'webhook' | 'pagerduty', object>> {
  return {
    slack: { url: `${url}${SLACK_PATH}` },
    webhook: { url: `${url}/hook`, secret: SECRET, previous_secrets: [OLD_SECRET] },
    pagerduty: { routing_key: ROUTING_KEY },
  };
}

/** Everything that a person could read of the service: its log, its deliveries and its destinations. */
export async function everythingShown({ client, log }: RunningService): Promise<string> {
  const paths = [
    '/deliveries?limit=500',
    '/destinations',
    '/readyz',
    '/accounts',
    '/monitors',
    '/audit?limit=500',
  ];
  const answers = await Promise.all(paths.map((path) => client.get(path)));
  return JSON.stringify([log, answers.map(({ body }) => body)]);
}

/** Says what only sender and receiver may know. */
export function telltale({ path, body }: Received): string {
  if (path === '/hook') return `Who are ${SECRET} and ${OLD_SECRET}?`;
  const { routing_key = path } = JSON.parse(body) as { routing_key?: string };
  return `You sent ${routing_key}!`;
}
