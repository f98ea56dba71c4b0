import { AttemptEntity } from '../../outbox/attempt.entity';
import { DeliveryEntity } from '../../outbox/delivery.entity';
import { deliveryInWords } from './sent-so-far';

const AT = Date.UTC(2031, 0, 1);

function pending(fields: Partial<DeliveryEntity> = {}): DeliveryEntity {
  const common = { action: 'trigger', status: 'pending', reason: null, hold: null, due_at: AT } as const;
  return Object.assign(new DeliveryEntity(), common, fields);
}

function attempt(fields: Partial<AttemptEntity>): AttemptEntity {
  return Object.assign(new AttemptEntity(), { started_at: AT, outcome: null, error: null }, fields);
}

describe('a delivery that is not done', () => {
  it.each<[what: string, DeliveryEntity, AttemptEntity | undefined, says: string]>([
    ['is new', pending(), undefined, 'Trigger waits: due at 2031-01-01T00:00:00.000Z.'],
    [
      'is held',
      pending({ hold: 'mute' }),
      undefined,
      'Trigger is held until 2031-01-01T00:00:00.000Z (mute).',
    ],
    [
      'is being sent, or was when the process died',
      pending(),
      attempt({}),
      'Trigger is under way since 2031-01-01T00:00:00.000Z; without an end it is tried again at 2031-01-01T00:00:00.000Z.',
    ],
    [
      'has failed',
      pending({ action: 'resolve' }),
      attempt({ outcome: 'timeout', error: 'no answer in time' }),
      'Resolve waits: due at 2031-01-01T00:00:00.000Z; the last attempt failed (no answer in time).',
    ],
  ])('and %s', (_what, delivery, newest, says) => {
    expect(deliveryInWords(delivery, newest)).toBe(says);
  });
});
