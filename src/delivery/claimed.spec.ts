import { pastDelivery } from '../../test/delivery/past-deliveries';
import type { DeliveryHistory } from '../outbox/outbox.repository';
import { takeTurn } from './claimed';

function row(id: number, fields: Partial<DeliveryHistory> = {}): DeliveryHistory {
  const isDelivered = fields.status === 'delivered';
  return pastDelivery({
    id,
    severity: 'critical',
    credential: 'old-key',
    is_attempted: true,
    may_have_arrived: isDelivered,
    ...fields,
  });
}

const UNTRIED = { status: 'pending', credential: null, is_attempted: false } as const;
const ARRIVED = { may_have_arrived: true };

function turnOf(delivery: DeliveryHistory, earlier: readonly DeliveryHistory[]): ReturnType<typeof takeTurn> {
  return takeTurn(delivery, [...earlier, delivery], 'new-key');
}

describe('takeTurn for a resolve', () => {
  const resolve = row(9, { ...UNTRIED, action: 'resolve' });

  it.each<[trigger: string, fields: Partial<DeliveryHistory>]>([
    ['delivered', { status: 'delivered' }],
    ['dead and may have arrived', { status: 'dead', ...ARRIVED }],
  ])('sends it through the credential of its trigger, which is %s', (_trigger, fields) => {
    expect(turnOf(resolve, [row(1, fields)])).toEqual({ do: 'send', credential: 'old-key', follows: 1 });
  });

  it.each<[trigger: string, earlier: DeliveryHistory[]]>([
    ['is dead and was refused', [row(1, { status: 'dead' })]],
    ['is dead and was never attempted', [row(1, { ...UNTRIED, status: 'dead' })]],
    ['was skipped', [row(1, { ...UNTRIED, status: 'skipped' })]],
    ['is closed by an earlier resolve', [row(1), row(2, { action: 'resolve' })]],
    [
      'may have arrived and is closed by an earlier resolve',
      [row(1, { status: 'dead', ...ARRIVED }), row(2, { action: 'resolve' })],
    ],
    ['does not exist', []],
  ])('skips it where its trigger %s', (_trigger, earlier) => {
    expect(turnOf(resolve, earlier)).toEqual({ do: 'skip', reason: 'trigger_dead' });
  });

  it('takes the credential of the newest trigger that may have arrived', () => {
    const earlier = [
      row(1, { credential: 'oldest-key' }),
      row(2, { action: 'resolve', credential: 'oldest-key' }),
      row(3),
      row(4, { status: 'dead', credential: 'refused-key' }),
    ];
    expect(turnOf(resolve, earlier)).toEqual({ do: 'send', credential: 'old-key', follows: 3 });
  });

  it('keeps the credential it was tried with', () => {
    const tried = row(9, { ...UNTRIED, action: 'resolve', credential: 'tried-key' });
    expect(turnOf(tried, [row(1)])).toEqual({ do: 'send', credential: 'tried-key', follows: 1 });
  });

  it('does not look at what went to another destination', () => {
    expect(turnOf(resolve, [row(1, { destination: 'elsewhere' })])).toMatchObject({ do: 'skip' });
  });

  it('does not look at what was decided after it', () => {
    const later = row(10, UNTRIED);
    expect(takeTurn(resolve, [row(1, { status: 'dead' }), resolve, later], 'new-key')).toMatchObject({
      do: 'skip',
    });
  });
});

describe('takeTurn for a trigger', () => {
  const trigger = row(9, UNTRIED);

  const NEW = { credential: 'new-key', follows: null };
  const JOINS = { credential: 'old-key', follows: 1 };

  it.each<[there: string, earlier: DeliveryHistory[], through: typeof NEW | typeof JOINS]>([
    ['nothing', [], NEW],
    ['a delivered trigger', [row(1)], JOINS],
    ['a dead trigger that may have arrived', [row(1, { status: 'dead', ...ARRIVED })], JOINS],
    ['a refused trigger', [row(1, { status: 'dead' })], NEW],
    ['a trigger that expired unsent', [row(1, { ...UNTRIED, status: 'dead' })], NEW],
    ['a resolve', [row(1), row(2, { action: 'resolve' })], NEW],
    ['a resolve that was refused', [row(1), row(2, { action: 'resolve', status: 'dead' })], JOINS],
  ])('after %s, sends it through the right credential', (_there, earlier, through) => {
    expect(turnOf(trigger, earlier)).toEqual({ do: 'send', ...through });
  });

  it('skips what is new where the destination is off, and sends what joins something open', () => {
    expect(takeTurn(trigger, [trigger], null)).toEqual({ do: 'skip', reason: 'destination_off' });
    expect(takeTurn(trigger, [row(1), trigger], null)).toEqual({ do: 'send', ...JOINS });
  });

  it('keeps the credential it was tried with', () => {
    const tried = row(9, { ...UNTRIED, credential: 'tried-key' });
    expect(turnOf(tried, [])).toEqual({ do: 'send', credential: 'tried-key', follows: null });
    expect(takeTurn(tried, [tried], null)).toMatchObject({ do: 'send', credential: 'tried-key' });
  });
});
