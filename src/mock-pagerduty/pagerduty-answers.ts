import { ApiProperty } from '@nestjs/swagger';
import { INCIDENT_STATES, type IncidentState, type MockIncident } from './mock-incidents';

/** PagerDuty's answer to an event that it took. */
export class EventAccepted {
  @ApiProperty({ type: String, example: 'success' })
  readonly status = 'success';

  @ApiProperty({ type: String, example: 'Event processed' })
  readonly message = 'Event processed';

  @ApiProperty({
    example: 'default/evt_1Nv0payout',
    description: 'As sent, or made for a trigger without one.',
  })
  readonly dedup_key: string;

  constructor(dedupKey: string) {
    this.dedup_key = dedupKey;
  }
}

/** PagerDuty's answer to an event that it refuses, which sending it again would get again. */
export class EventRefused {
  @ApiProperty({ type: String, example: 'invalid event' })
  readonly status = 'invalid event';

  @ApiProperty({ type: String, example: 'Event object is invalid' })
  readonly message = 'Event object is invalid';

  @ApiProperty({ type: [String], example: ["'payload.summary' is missing or blank"] })
  readonly errors: readonly string[];

  constructor(errors: readonly string[]) {
    this.errors = errors;
  }
}

/** One incident at the mock. */
export class IncidentAnswer implements MockIncident {
  @ApiProperty({ example: 'default/evt_1Nv0payout' })
  readonly dedup_key!: string;

  @ApiProperty({ enum: INCIDENT_STATES, example: 'triggered' })
  readonly state!: IncidentState;
}

/** All that the mock knows. */
export class MockPagerDutyAnswer {
  @ApiProperty({
    description:
      'The newest 1,000 accepted bodies within 16 MB, oldest first: as received, with `received_at`, with ' +
      '`event_action` and `dedup_key` where they were made here, and with all but the end of `routing_key` masked.',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    example: [
      {
        routing_key: '****0000',
        event_action: 'resolve',
        dedup_key: 'default/evt_1Nv0payout',
        received_at: '2026-11-20T09:41:00.000Z',
      },
    ],
  })
  readonly events!: readonly Record<string, unknown>[];

  @ApiProperty({ type: [IncidentAnswer], description: 'The newest incident of each key, oldest first.' })
  readonly incidents!: readonly IncidentAnswer[];
}
