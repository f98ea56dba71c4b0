import { Injectable, Module } from '@nestjs/common';
import type { NormalizedEvent } from './normalized-event';
import type { Normalizer } from './normalizer';
import { normalizePage, type PageAnswer, type PageReading } from './statuspage';
import { normalizeStripe, type StripeSignal } from './stripe';
import { normalizeTenantPost, type TenantPost } from './tenant-events';
import { normalizeAdded, type AddedSignal } from './upstream';

/** Stripe's webhooks, classic and thin. */
@Injectable()
export class StripeNormalizer implements Normalizer<StripeSignal, NormalizedEvent> {
  /** @throws StripeBodyError where the body is no Stripe event */
  normalize(signal: StripeSignal): NormalizedEvent {
    return normalizeStripe(signal);
  }
}

/** Tenants' own events. */
@Injectable()
export class TenantNormalizer implements Normalizer<TenantPost, readonly NormalizedEvent[]> {
  /** @throws InvalidJsonError or TenantPostError where the body is no post of events */
  normalize(post: TenantPost): readonly NormalizedEvent[] {
    return normalizeTenantPost(post);
  }
}

/** Statuspage's pages, one poll at a time. */
@Injectable()
export class StatuspageNormalizer implements Normalizer<PageAnswer, PageReading> {
  normalize(answer: PageAnswer): PageReading {
    return normalizePage(answer);
  }
}

/** What was added through the upstream API. */
@Injectable()
export class UpstreamNormalizer implements Normalizer<AddedSignal, NormalizedEvent> {
  normalize(signal: AddedSignal): NormalizedEvent {
    return normalizeAdded(signal);
  }
}

const normalizers = [StripeNormalizer, StatuspageNormalizer, TenantNormalizer, UpstreamNormalizer];

@Module({ providers: normalizers, exports: normalizers })
export class NormalizationModule {}
