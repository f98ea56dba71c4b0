import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config/version';
import { STRIPE_SEVERITIES, stripeSeverity } from './stripe-severity';

/** What the names of bad news have in common. */
const BAD_NEWS = /fail|dispute|fraud|disabled|deauthorized|deactivated|disconnected|error/;

const RESOURCES = join(PACKAGE_ROOT, 'node_modules', 'stripe', 'esm', 'resources');

const declarations = readdirSync(RESOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.d.ts'))
  .map((path) => readFileSync(join(RESOURCES, path), 'utf8'));

function names(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}

/**
 * Every event type that the installed SDK declares: the `type` of its event classes, and what a webhook endpoint
 * can be subscribed to. The SDK is full of other names with dots in them: objects, reasons, requirements.
 */
const eventTypes = new Set(
  declarations.flatMap((text) => [
    ...names(text, /^ +type: '([a-z0-9_[\]]+(?:\.[a-z0-9_[\]]+)+)';$/gm),
    ...names(text, /^ +type EnabledEvent = (.*);$/gm).flatMap((union) => names(union, /'([^'*]+)'/g)),
  ]),
);

const severity = (type: string, object: Record<string, unknown> = {}, isOfConnectedAccount = false): string =>
  stripeSeverity(type, { object, isOfConnectedAccount });

describe('the severities of Stripe’s event types', () => {
  it('are read from the SDK, classic and thin, and nothing that is no event type', () => {
    expect(eventTypes.size).toBeGreaterThan(400);
    expect([...eventTypes]).toEqual(
      expect.arrayContaining(['payout.failed', 'v1.payout.failed', 'v2.core.account[requirements].updated']),
    );
    expect(
      [...eventTypes].filter((type) => ['issuing.dispute', 'rejected.fraud', '*'].includes(type)),
    ).toEqual([]);
  });

  it('have a reasoned row for every failure, dispute, fraud warning and thing switched off', () => {
    const missing = [...eventTypes]
      .filter((type) => BAD_NEWS.test(type))
      .filter((type) => !Object.hasOwn(STRIPE_SEVERITIES, type.replace(/^v1\./, '')));
    expect(missing).toEqual([]);
  });

  it('have no row for a type that the SDK does not know, besides these', () => {
    const unknown = Object.keys(STRIPE_SEVERITIES).filter((type) => {
      return !eventTypes.has(type) && !eventTypes.has(`v1.${type}`);
    });
    // Of old API versions, and of a preview.
    expect(unknown).toEqual(['v2.money_management.outbound_transfer.failed', 'transfer.failed']);
  });

  it.each([
    ['payout.failed', 'critical'],
    ['payment_intent.payment_failed', 'warning'],
    ['v1.payout.failed', 'critical'],
    ['v1.payment_intent.payment_failed', 'warning'],
    ['charge.dispute.created', 'warning'],
    ['radar.early_fraud_warning.created', 'warning'],
    ['reserve.plan.disabled', 'info'],
    ['charge.succeeded', 'info'],
    ['moon.landed', 'info'],
    ['', 'info'],
    ['constructor', 'info'],
    ['__proto__', 'info'],
    ['v1.', 'info'],
    ['v1.v1.payout.failed', 'info'],
    ['PAYOUT.FAILED', 'info'],
  ])('%s is %s', (type, expected) => {
    expect(severity(type)).toBe(expected);
  });

  const disabled = { requirements: { disabled_reason: 'requirements.past_due' } };

  it.each([
    [
      'is critical where it says that our account is disabled',
      'account.updated',
      disabled,
      false,
      'critical',
    ],
    ['is a warning where that is a connected account', 'account.updated', disabled, true, 'warning'],
    [
      'is info where nothing is disabled',
      'account.updated',
      { requirements: { disabled_reason: null } },
      false,
      'info',
    ],
    ['is info without requirements', 'account.updated', {}, true, 'info'],
    ['is info where requirements are no object', 'account.updated', { requirements: 'x' }, false, 'info'],
    ['is a warning for a disabled capability', 'capability.updated', disabled, false, 'warning'],
  ])('an update %s', (_, type, object, isOfConnectedAccount, expected) => {
    expect(severity(type, object, isOfConnectedAccount)).toBe(expected);
  });
});
