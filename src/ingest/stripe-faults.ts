import type { StripeBodyFault } from '../normalization/stripe';
import type { SignatureFault } from './stripe-signature';

/** What to look at for each fault of a signature. */
export const ADVICE: Record<SignatureFault, string> = {
  signature_missing: 'The Stripe-Signature header is missing.',
  signature_malformed: 'The Stripe-Signature header needs one t and at least one v1.',
  signature_timestamp_invalid: 'The t of the Stripe-Signature header is not a number of seconds.',
  signature_timestamp_out_of_tolerance:
    'The signature is more than 300 s away from now: a replay, or a wrong clock.',
  signature_mismatch: 'No signature fits: another secret, or the body was changed on its way.',
};

/** What may be wrong with a body although its signature is right; the answer says it in more words. */
export const BODY_FAULTS: Record<StripeBodyFault | 'body_not_utf8', string> = {
  body_not_utf8: 'The body is not valid UTF-8.',
  body_not_json: 'The body is not valid JSON.',
  body_too_deep: 'The body is JSON nested deeper than 128 levels.',
  body_not_object: 'The body is not a JSON object.',
  event_id_missing: 'The body has no string id.',
  event_id_invalid: 'The id cannot be stored.',
  event_type_missing: 'The body has no string type.',
};
