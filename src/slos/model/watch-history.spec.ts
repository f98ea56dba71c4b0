import fc from 'fast-check';
import { MINUTE_MS } from '../../events/summary/time-buckets';
import { isWithin, type Span } from '../../monitors/model/spans';
import { addCounts, type Counts } from './counts';
import { WatchHistory, type Watch } from './watch-history';

const START = Date.UTC(2031, 4, 6);

/** From and until, in minutes. */
function span(from: number, until: number): Span {
  return { from_at: START + from * MINUTE_MS, until_at: START + until * MINUTE_MS };
}

function historyOf(watch: Partial<Watch>, within: Span): WatchHistory {
  return new WatchHistory({ expected: [within], outages: [], unseen: [], ...watch });
}

/** What each minute is. */
function minutesOf(history: WatchHistory, minutes: number): Counts[] {
  return Array.from({ length: minutes }, (_, minute) => history.within(span(minute, minute + 1)));
}

describe('minutes of a target', () => {
  it.each<[what: string, watch: Partial<Watch>, good: number, bad: number, unseen: number]>([
    ['nothing happened', {}, 60, 0, 0],
    ['it was down for ten', { outages: [span(20, 30)] }, 50, 10, 0],
    ['it was down twice', { outages: [span(5, 6), span(40, 42)] }, 57, 3, 0],
    // Half of minute 20, and a third of minute 21.
    ['an outage took half of one', { outages: [span(20.5, 21.33)] }, 59, 1, 0],
    ['an outage took less than half of any', { outages: [span(20.6, 21.4)] }, 60, 0, 0],
    // A quarter and a quarter of the same minute.
    ['short outages add up to half', { outages: [span(7, 7.25), span(7.5, 7.75)] }, 59, 1, 0],
    ['overlapping outages count once', { outages: [span(7, 7.3), span(7.1, 7.4)] }, 60, 0, 0],
    ['nobody looked for a while', { unseen: [span(10, 25)] }, 45, 0, 15],
    [
      'an outage went on while nobody looked',
      { outages: [span(10, 30)], unseen: [span(20, 40)] },
      30,
      20,
      10,
    ],
    ['it was in maintenance', { expected: [span(0, 10), span(30, 60)] }, 40, 0, 0],
    ['it was down in maintenance', { expected: [span(0, 10)], outages: [span(5, 30)] }, 5, 5, 0],
    ['it began before and lasts', { outages: [span(-100, 1), span(59, 999)] }, 58, 2, 0],
    ['it was not to be watched', { expected: [] }, 0, 0, 0],
  ])('where %s', (_what, watch, good, bad, unseen) => {
    expect(historyOf(watch, span(0, 60)).within(span(0, 60))).toEqual({ good, bad, unseen });
  });

  it('are each one thing or nothing', () => {
    const watch = { expected: [span(2, 4), span(0, 1)], outages: [span(3, 4)], unseen: [] };
    expect(minutesOf(new WatchHistory(watch), 5)).toEqual([
      { good: 1, bad: 0, unseen: 0 },
      { good: 0, bad: 0, unseen: 0 },
      { good: 1, bad: 0, unseen: 0 },
      { good: 0, bad: 1, unseen: 0 },
      { good: 0, bad: 0, unseen: 0 },
    ]);
  });

  it('are by themselves what they are together, whatever the spans', () => {
    const anySpan = fc
      .tuple(fc.nat(600), fc.nat(200))
      .map(([from, length]) => span(from / 10, (from + length) / 10));
    const anySpans = fc.array(anySpan, { maxLength: 6 });
    fc.assert(
      fc.property(anySpans, anySpans, anySpans, (expected, outages, unseen) => {
        const history = new WatchHistory({ expected, outages, unseen });
        const minutes = minutesOf(history, 90);
        expect(addCounts(minutes)).toEqual(history.within(span(0, 90)));
        minutes.forEach((counts, minute) =>
          expect(counts).toEqual(byHand({ expected, outages, unseen }, minute)),
        );
      }),
    );
  });
});

/** The same, tenth of a minute by tenth of a minute. */
function byHand({ expected, outages, unseen }: Watch, minute: number): Counts {
  const isMostlyIn = (spans: readonly Span[]): boolean => {
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => START + (minute + (tenth + 0.5) / 10) * MINUTE_MS,
    );
    return tenths.filter((at) => isWithin(spans, at)).length >= 5;
  };
  if (!isMostlyIn(expected)) return { good: 0, bad: 0, unseen: 0 };
  if (isMostlyIn(outages)) return { good: 0, bad: 1, unseen: 0 };
  return isMostlyIn(unseen) ? { good: 0, bad: 0, unseen: 1 } : { good: 1, bad: 0, unseen: 0 };
}
