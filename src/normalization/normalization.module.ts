import { Injectable, Module } from '@nestjs/common';
import type { NormalizedEvent } from './normalized-event';
import type { Normalizer } from './normalizer';
import { normalizePage, type PageAnswer, type PageReading } from './statuspage';
import { normalizeStripe, type StripeSignal } from './stripe';

/** Stripe's webhooks, classic and thin. */
@Injectable()
export class StripeNormalizer implements Normalizer<StripeSignal, NormalizedEvent> {
  /** @throws StripeBodyError where the body is no Stripe event */
  normalize(signal: StripeSignal): NormalizedEvent {
    return normalizeStripe(signal);
  }
}

/** Statuspage's pages, one poll at a time. */
@Injectable()
export class StatuspageNormalizer implements Normalizer<PageAnswer, PageReading> {
  normalize(answer: PageAnswer): PageReading {
    return normalizePage(answer);
  }
}

@Module({
  providers: [StripeNormalizer, StatuspageNormalizer],
  exports: [StripeNormalizer, StatuspageNormalizer],
})
export class NormalizationModule {}
