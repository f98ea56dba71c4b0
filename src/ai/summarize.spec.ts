import fc from 'fast-check';
import { SEVERITIES } from '../normalization/normalized-event';
import { summarize } from './summarize';

describe('summarize', () => {
  it.each([
    ['Multiple payment failures detected across APAC region...', 'Payment failures in APAC'],
    ['MULTIPLE PAYMENT FAILURES DETECTED ACROSS APAC REGION', 'Payment failures in APAC'],
    ['multiple payment\n\tfailures detected across apac region', 'Payment failures in APAC'],
    ['A payment failure was seen in EMEA.', 'Payment failure in EMEA'],
    ['Payouts are failing for customers in North America', 'Payout failures in North America'],
    ['Checkout is down in the EU', 'Checkout outage in EU'],
    ['Elevated API latency in us-east-1 and EU-WEST-1', 'API latency in us-east-1 and eu-west-1'],
    ['Webhook timeouts', 'Webhook timeouts'],
    ['Login requests timed out', 'Login timeouts'],
    ['Outage in LATAM, Europe and the UK', 'Outage in LATAM, Europe, and UK'],
    ['Sign-ins slow in U.S. data centres', 'Login slowness in US'],
    ['Refunds delayed for us customers', 'Refund delays in US'],
    ['Data loss in the database, Asia-Pacific', 'Database data loss in APAC'],
    ['Latency in Singapore. More latency in Singapore.', 'Latency in Singapore'],
  ])('sums up %j as %j', (text, summary) => {
    expect(summarize(text).summary).toBe(summary);
  });

  it.each([
    ['Hello there. This is the second sentence.', 'Hello there.'],
    ['Version 1.2 is out! Read on.', 'Version 1.2 is out!'],
    ['Status update\nWe look into it.', 'Status update'],
    ['  \n Spaces   around\tand between \n', 'Spaces around and between'],
    ['決済に問題があります。調査中です。', '決済に問題があります。'],
    ['Something broke', 'Something broke'],
    ['There was an error somewhere', 'There was an error somewhere'],
    ['APAC payments', 'APAC payments'],
    ['Repayments were failuresome in theAPAC', 'Repayments were failuresome in theAPAC'],
    ['Überpayment éfailures in APACé', 'Überpayment éfailures in APACé'],
  ])('quotes the first sentence of %j', (text, sentence) => {
    expect(summarize(text).summary).toBe(sentence);
  });

  it('takes "us" for a pronoun', () => {
    expect(summarize('Customers tell us that payments fail').summary).toBe('Payment failures');
  });

  it.each([
    ['letters', 'x'.repeat(121), `${'x'.repeat(119)}…`],
    ['emoji', '💥'.repeat(121), `${'💥'.repeat(119)}…`],
    ['emoji that just fit', '💥'.repeat(120), '💥'.repeat(120)],
    ['lone surrogates', '\uD83D'.repeat(121), `${'\uFFFD'.repeat(119)}…`],
  ])('cuts a sentence of %s to 120 characters', (_, text, summary) => {
    expect(summarize(text).summary).toBe(summary);
  });

  it('answers any text with a short, well-formed summary, and always the same', () => {
    const hostile = fc.constantFrom(
      '\uD83D',
      '\0',
      ' ',
      '.',
      'all ',
      'payment',
      'fail',
      'US-',
      'eu-',
      '\u2028',
      '💥',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.array(hostile).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        texts.filter((text) => text.trim() !== ''),
        (text) => {
          const { summary, suggested_severity } = summarize(text);
          expect(summary.trim()).not.toBe('');
          expect(Array.from(summary).length).toBeLessThanOrEqual(120);
          expect(summary.isWellFormed()).toBe(true);
          expect(SEVERITIES).toContain(suggested_severity);
          expect(summarize(text)).toEqual({ summary, suggested_severity });
        },
      ),
    );
  });
});
