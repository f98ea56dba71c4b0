import { HERE, pastDelivery, wish } from '../../../test/delivery/past-deliveries';
import type { Severity } from '../../normalization/normalized-event';
import type { Wish } from '../wishes';
import { explainDestinations } from './explained-destinations';

const NOW = Date.UTC(2031, 4, 5);

interface Asked {
  readonly severity?: Severity;
  readonly isOver?: boolean;
  readonly isStored?: boolean;
  readonly wanted?: readonly Wish[];
}

/** What is said of the one destination. */
function said(history: readonly ReturnType<typeof pastDelivery>[], asked: Asked = {}): string | undefined {
  const { severity = 'warning', isOver = false, isStored = true, wanted = isOver ? [] : [wish()] } = asked;
  const [one] = explainDestinations({
    event: { severity, resolved_at: isOver ? NOW : null },
    wishes: { wanted, fallbacks: [] },
    off: [],
    history,
    nameOf: (id) => id,
    isStored,
    now: NOW,
  });
  expect(one?.destination ?? HERE).toBe(HERE);
  return one?.says;
}

const LATER = 'Not before its next state: about this one it was decided when it came.';

describe('what is said of a destination', () => {
  it('promises nothing of a stored event that nobody decides about any more', () => {
    expect(said([], { isStored: false })).toBe('Trigger now.');
    expect(said([])).toBe(`Trigger now. ${LATER}`);
    const hold = { reason: 'mute', until: NOW + 60_000 } as const;
    expect(said([], { wanted: [wish({ hold })] })).toBe(
      `Held until 2031-05-05T00:01:00.000Z: the route is muted. ${LATER}`,
    );
  });

  it('tells an end that waits from one that was given up, and from one that was told', () => {
    const end = (status: 'pending' | 'dead' | 'delivered'): string | undefined =>
      said([pastDelivery(), pastDelivery({ id: 2, action: 'resolve', status })], { isOver: true });
    expect(end('pending')).toBe('Nothing: it is over, and its end waits to be sent there already.');
    expect(end('dead')).toBe(
      'It is over, and may be open there still: its end has to be sent again by hand (replay).',
    );
    expect(end('delivered')).toBe('Nothing: it is over, and nothing is open there.');
  });
});
