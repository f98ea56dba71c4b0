import { createHmac } from 'node:crypto';
import { postOf } from '../load/requests';

/** A made-up charge.succeeded, which pages nobody: about 2 KB, printed with indentation as Stripe prints it. */
export function chargeSucceeded(id: string): object {
  return envelope(id, 'charge.succeeded', {
    id: `ch_${id}`,
    object: 'charge',
    amount: 129_900,
    amount_captured: 129_900,
    amount_refunded: 0,
    application_fee_amount: null,
    balance_transaction: `txn_${id}`,
    billing_details: {
      address: { city: 'Lyon', country: 'FR', line1: '12 Rue Exemple', line2: null, postal_code: '69001' },
      email: 'customer@shop.test',
      name: 'Camille Exemple',
      phone: null,
    },
    calculated_statement_descriptor: 'SHOP.TEST',
    captured: true,
    created: CREATED,
    currency: 'eur',
    customer: 'cus_benchmark0001',
    description: 'Order 4711',
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { order: '4711', channel: 'web' },
    outcome: {
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 12,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    payment_intent: `pi_${id}`,
    payment_method: 'pm_benchmark0001',
    payment_method_details: {
      card: { brand: 'visa', country: 'FR', exp_month: 8, exp_year: 2034, funding: 'credit', last4: '4242' },
      type: 'card',
    },
    receipt_email: 'customer@shop.test',
    receipt_url: `https://pay.shop.test/receipts/${id}`,
    refunded: false,
    status: 'succeeded',
  });
}

/** A made-up payout.failed, which is critical. */
export function payoutFailed(id: string): object {
  return envelope(id, 'payout.failed', {
    id: `po_${id}`,
    object: 'payout',
    amount: 129_900,
    arrival_date: CREATED,
    automatic: true,
    balance_transaction: `txn_${id}`,
    created: CREATED,
    currency: 'eur',
    description: 'STRIPE PAYOUT',
    destination: 'ba_benchmark0001',
    failure_balance_transaction: `txn_${id}_back`,
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    reconciliation_status: 'completed',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'failed',
    type: 'bank_account',
  });
}

/** The n-th id of a run. They rise, as those that Stripe makes for one account do, and are as long. */
export function eventId(run: string, index: number): string {
  return `evt_${run}${String(index).padStart(24 - run.length, '0')}`;
}

const CREATED = Math.floor(Date.now() / 1_000);

function envelope(id: string, type: string, object: object): object {
  return {
    id,
    object: 'event',
    api_version: '2031-01-27.acacia',
    created: CREATED,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${id}`, idempotency_key: `key-${id}` },
    type,
  };
}

/** An event as the webhook that brings it, signed (https://docs.stripe.com/webhooks#verify-manually). */
export function webhook(event: object, secret: string): Buffer {
  const body = JSON.stringify(event, null, 2);
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return postOf('/ingest/stripe', body, {
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'stripe-signature': `t=${timestamp},v1=${signature}`,
  });
}
