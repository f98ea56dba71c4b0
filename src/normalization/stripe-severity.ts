import type { Severity } from './normalized-event';

/** A rule for one type of Stripe event. */
interface Row {
  readonly severity: Severity;
  /** Why it is that bad, and not worse or less. */
  readonly because: string;
  /** Where the type alone does not tell: whether this event is bad at all; otherwise it is info. */
  readonly when?: (object: Readonly<Record<string, unknown>>) => boolean;
  /** How bad it is where it happened to an account that is connected to ours, if that differs. */
  readonly ofConnectedAccount?: Severity;
}

/** What an event tells besides its type. */
export interface StripeCircumstances {
  /** What the event is about. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Whether it happened to an account that is connected to ours (Connect's `account`). */
  readonly isOfConnectedAccount: boolean;
}

const OURS_FAILED = 'money of ours does not move until somebody acts';
const ONE_PAYMENT = 'one payment of one customer; a wave of them is for thresholds to notice';
const DISPUTE = 'money is withdrawn and a deadline for evidence runs, but in days, not minutes';
const OWN_DECISION = 'taken out of use by its owner, not by a failure';
const CONNECTION = 'an integration or account has cut itself off';

/**
 * How bad Stripe's event types are. Source of the names: the list of event types in Stripe's API reference
 * (https://docs.stripe.com/api/events/types). Thin events carry the same names behind `v1.`. What stands here
 * is a failure, a dispute, a suspicion of fraud or something switched off; every other type is info.
 */
export const STRIPE_SEVERITIES: Readonly<Record<string, Row>> = {
  'payout.failed': { severity: 'critical', because: OURS_FAILED },
  'topup.failed': { severity: 'critical', because: OURS_FAILED },
  'treasury.outbound_payment.failed': { severity: 'critical', because: OURS_FAILED },
  'treasury.outbound_transfer.failed': { severity: 'critical', because: OURS_FAILED },
  'v2.money_management.outbound_payment.failed': { severity: 'critical', because: OURS_FAILED },
  'v2.money_management.outbound_transfer.failed': { severity: 'critical', because: OURS_FAILED },
  'v2.money_management.financial_address.failed': { severity: 'critical', because: OURS_FAILED },
  'reserve.plan.disabled': { severity: 'info', because: 'money that was held back is free again' },

  'payment_intent.payment_failed': { severity: 'warning', because: ONE_PAYMENT },
  'charge.failed': { severity: 'warning', because: ONE_PAYMENT },
  'source.failed': { severity: 'warning', because: ONE_PAYMENT },
  'setup_intent.setup_failed': { severity: 'warning', because: ONE_PAYMENT },
  'checkout.session.async_payment_failed': { severity: 'warning', because: ONE_PAYMENT },
  'invoice.payment_failed': { severity: 'warning', because: ONE_PAYMENT },
  'invoice.finalization_failed': {
    severity: 'warning',
    because: 'the invoice is not sent until it is mended',
  },
  'invoice.marked_uncollectible': { severity: 'warning', because: 'the money is given up' },
  'refund.failed': { severity: 'warning', because: 'a customer is told of money that does not come' },
  'transfer.failed': { severity: 'warning', because: 'a connected account is not paid' },
  'treasury.inbound_transfer.failed': { severity: 'warning', because: ONE_PAYMENT },
  'treasury.received_credit.failed': { severity: 'warning', because: ONE_PAYMENT },
  'treasury.outbound_payment.returned': { severity: 'warning', because: 'money comes back undelivered' },
  'treasury.outbound_transfer.returned': { severity: 'warning', because: 'money comes back undelivered' },
  'v2.money_management.outbound_payment.returned': {
    severity: 'warning',
    because: 'money comes back undelivered',
  },
  'v2.money_management.inbound_transfer.bank_debit_returned': { severity: 'warning', because: ONE_PAYMENT },
  'v2.money_management.inbound_transfer.bank_debit_failed': { severity: 'warning', because: ONE_PAYMENT },
  'v2.money_management.received_credit.failed': { severity: 'warning', because: ONE_PAYMENT },
  'three_d_secure.authentication.failed': { severity: 'warning', because: ONE_PAYMENT },
  'three_d_secure.authentication.errored': { severity: 'warning', because: ONE_PAYMENT },
  'subscription_schedule.aborted': {
    severity: 'warning',
    because: 'a planned change of a subscription is off',
  },
  'terminal.reader.action_failed': { severity: 'warning', because: 'one reader, and the next try may do' },
  'reporting.report_run.failed': { severity: 'warning', because: 'a report is missing, no money' },
  'billing.meter.error_report_triggered': { severity: 'warning', because: 'usage is not billed meanwhile' },
  'billing.meter.deactivated': { severity: 'warning', because: 'usage is not billed meanwhile' },
  'billing.meter.no_meter_found': { severity: 'warning', because: 'usage is not billed meanwhile' },
  'v2.commerce.product_catalog.imports.failed': {
    severity: 'warning',
    because: 'the catalogue is out of date',
  },
  'v2.commerce.product_catalog.imports.succeeded_with_errors': {
    severity: 'warning',
    because: 'parts of the catalogue are out of date',
  },
  'price.deactivated': { severity: 'info', because: OWN_DECISION },
  'product.deactivated': { severity: 'info', because: OWN_DECISION },
  'issuing_personalization_design.deactivated': { severity: 'info', because: OWN_DECISION },
  'issuing_personalization_design.rejected': {
    severity: 'warning',
    because: 'no card is printed until the design is mended',
  },
  'test_helpers.test_clock.internal_failure': { severity: 'info', because: 'a test clock, never real money' },

  'charge.dispute.created': { severity: 'warning', because: DISPUTE },
  'charge.dispute.funds_withdrawn': { severity: 'warning', because: DISPUTE },
  'charge.dispute.updated': { severity: 'info', because: 'paperwork of a dispute that is known' },
  'charge.dispute.closed': { severity: 'info', because: 'the end of a dispute, either way' },
  'charge.dispute.funds_reinstated': { severity: 'info', because: 'money comes back' },
  'issuing_dispute.created': { severity: 'info', because: 'a dispute of ours against a merchant' },
  'issuing_dispute.submitted': { severity: 'info', because: 'a dispute of ours against a merchant' },
  'issuing_dispute.updated': { severity: 'info', because: 'a dispute of ours against a merchant' },
  'issuing_dispute.closed': { severity: 'info', because: 'the end of a dispute, either way' },
  'issuing_dispute.funds_reinstated': { severity: 'info', because: 'money comes back' },
  'issuing_dispute.funds_rescinded': { severity: 'warning', because: 'money that came back is taken again' },

  'radar.early_fraud_warning.created': {
    severity: 'warning',
    because: 'a refund in time avoids the dispute',
  },
  'radar.early_fraud_warning.updated': { severity: 'info', because: 'news of a warning that is known' },
  'review.opened': { severity: 'warning', because: 'a payment is held as possibly fraudulent' },

  'account.updated': {
    severity: 'critical',
    because: 'the account cannot charge or be paid out until its requirements are met',
    when: isDisabled,
    // Every account that is being connected looks disabled until it has met its first requirements.
    ofConnectedAccount: 'warning',
  },
  'capability.updated': {
    severity: 'warning',
    because: 'one way of paying is switched off until its requirements are met',
    when: isDisabled,
  },
  'account.application.deauthorized': { severity: 'warning', because: CONNECTION },
  'financial_connections.account.deactivated': { severity: 'warning', because: CONNECTION },
  'financial_connections.account.disconnected': { severity: 'warning', because: CONNECTION },
  'financial_connections.account.balance_refresh_failed': { severity: 'warning', because: CONNECTION },
  'financial_connections.account.inferred_balances_refresh_failed': {
    severity: 'warning',
    because: CONNECTION,
  },
  'financial_connections.account.ownership_refresh_failed': { severity: 'warning', because: CONNECTION },
  'financial_connections.account.risk_intelligence_refresh_failed': {
    severity: 'warning',
    because: CONNECTION,
  },
  'financial_connections.account.transactions_refresh_failed': { severity: 'warning', because: CONNECTION },
};

/** Stripe says why in `requirements.disabled_reason`, and null where nothing is disabled. */
function isDisabled(object: Readonly<Record<string, unknown>>): boolean {
  const requirements = object['requirements'] as { disabled_reason?: unknown } | null | undefined;
  return typeof requirements?.disabled_reason === 'string';
}

/** The severity of a Stripe event; info for every type that the table does not name. */
export function stripeSeverity(
  type: string,
  { object, isOfConnectedAccount }: StripeCircumstances,
): Severity {
  const row = rowOf(type);
  if (row === undefined || row.when?.(object) === false) return 'info';
  return (isOfConnectedAccount ? row.ofConnectedAccount : undefined) ?? row.severity;
}

function rowOf(type: string): Row | undefined {
  const name = type.startsWith('v1.') ? type.slice('v1.'.length) : type;
  return Object.hasOwn(STRIPE_SEVERITIES, name) ? STRIPE_SEVERITIES[name] : undefined;
}
