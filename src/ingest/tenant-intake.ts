import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import type { NormalizedEvent } from '../normalization/normalized-event';
import { IntakeBuffer, loadOf } from '../recording/intake-buffer';
import type { RecordedEvent } from '../recording/recorded';
import { Recorder } from '../recording/recorder';
import { traceHeaders } from '../telemetry/tracing/current-span';
import { EventQueue } from './queue/event-queue';
import { QueuedAudit } from './queue/queued-audit';
import type { TenantReceipt } from './tenant-post';

/**
 * Takes tenants' events: whoever gets the receipt need not send them again. Where INGEST_MODE is `queued` Redis takes
 * them first, and where Redis does not answer they are committed instead.
 */
@Injectable()
export class TenantIntake {
  private readonly isQueued: boolean;

  constructor(
    settings: Settings,
    private readonly recorder: Recorder,
    private readonly buffer: IntakeBuffer,
    private readonly queue: EventQueue,
    private readonly audit: QueuedAudit,
  ) {
    this.isQueued = settings.ingestMode === 'queued';
  }

  /**
   * Takes a post's events: all of them, or none.
   *
   * @throws OverloadedError where too much waits already, StorageUnavailableError where neither Redis nor the
   *   database takes them
   */
  async take(events: readonly NormalizedEvent[], requestId: string): Promise<TenantReceipt> {
    const event_ids = events.map(({ event_id }) => event_id);
    if (this.isQueued && (await this.enqueue(events, requestId))) {
      this.audit.note(events);
      return { accepted: events.length, event_ids, durability: 'queued' };
    }
    const recorded = await this.recorder.record(events, { requestId, sender: 'tenant' });
    const accepted = recorded.filter(isNews).length;
    return { accepted, deduped: recorded.length - accepted, event_ids, durability: 'committed' };
  }

  private enqueue(events: readonly NormalizedEvent[], requestId: string): Promise<boolean> {
    return this.buffer.hold('tenant', loadOf(events), () =>
      this.queue.add({ request_id: requestId, events, ...traceHeaders() }),
    );
  }
}

/** A new state of a known event is as new to the service as a new event. */
function isNews({ outcome }: RecordedEvent): boolean {
  return outcome === 'stored' || outcome === 'changed';
}
