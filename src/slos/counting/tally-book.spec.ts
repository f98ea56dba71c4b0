import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { addTallies, type Tally } from '../model/tally';
import { TallyBook, type BookRow } from './tally-book';

const START = Date.UTC(2031, 4, 6, 23, 58);
const KEY = { series: 'http', account_id: '' };

/** The table of counts, where the newest of a writer's rows is the whole truth. */
class Table {
  private readonly rows = new Map<string, BookRow>();

  write(rows: readonly BookRow[]): void {
    for (const row of rows) {
      const tally = addTallies([row.tally]);
      this.rows.set(`${row.writer} ${row.series} ${row.span_ms} ${row.bucket_at}`, { ...row, tally });
    }
  }

  /** What all writers have counted, by buckets of a length that begin within a time. */
  sum(span_ms: number, from = -Infinity, until = Infinity): Tally {
    const those = [...this.rows.values()].filter(
      (row) => row.span_ms === span_ms && from <= row.bucket_at && row.bucket_at < until,
    );
    return addTallies(those.map(({ tally }) => tally));
  }
}

describe('a book of tallies', () => {
  it('says of a minute all that it has counted there, and closes it once it is over', () => {
    const book = new TallyBook();
    const table = new Table();
    book.count(KEY, START + 1, 'good', 5);
    table.write(book.rows(START + 2));
    book.settle();
    book.count(KEY, START + 3, 'bad', 5);
    table.write(book.rows(START + MINUTE_MS));
    book.settle();
    expect(table.sum(MINUTE_MS)).toMatchObject({ good: 1, bad: 1 });
    expect(book.isOpenAt(START + MINUTE_MS)).toBe(true);
    expect(book.isOpenAt(START + MINUTE_MS - 1)).toBe(false);
    expect(book.rows(START + 2 * MINUTE_MS)).toEqual([]);
  });

  it('rolls minutes up into hours and days of UTC, over midnight too', () => {
    const book = new TallyBook();
    const table = new Table();
    for (let minute = 0; minute < 4; minute += 1) {
      book.count(KEY, START + minute * MINUTE_MS, 'good', 5, 10);
      table.write(book.rows(START + (minute + 1) * MINUTE_MS));
      book.settle();
    }
    const midnight = START + 2 * MINUTE_MS;
    for (const spanMs of [HOUR_MS, DAY_MS]) {
      expect(table.sum(spanMs, -Infinity, midnight).good).toBe(20);
      expect(table.sum(spanMs, midnight).good).toBe(20);
    }
  });

  it('counts everything once, however often it is stored, fails to be, and begins anew', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('count' as const), times: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: -90_000, max: 300_000 }) }),
      // What became of it: on disk and known to be, on disk with the answer lost, or not on disk.
      fc.record({ do: fc.constant('store' as const), as: fc.constantFrom('stored', 'unanswered', 'lost') }),
      fc.record({ do: fc.constant('restart' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new Table();
        let books = [new TallyBook()];
        let now = START;
        let counted = 0;
        const storeAll = (as: string): void => {
          const rows = books.flatMap((book) => book.rows(now));
          if (as !== 'lost') table.write(rows);
          if (as !== 'stored') return;
          for (const book of books) book.settle();
          books = books.slice(-1);
        };
        for (const one of steps) {
          if (one.do === 'pass') now += one.ms;
          if (one.do === 'store') storeAll(one.as);
          if (one.do === 'restart') {
            storeAll('stored');
            books = [new TallyBook()];
          }
          if (one.do !== 'count') continue;
          if (!books.at(-1)!.isOpenAt(now)) books.push(new TallyBook());
          books.at(-1)!.count(KEY, now, 'good', 5, one.times);
          counted += one.times;
        }
        storeAll('stored');
        for (const spanMs of [MINUTE_MS, HOUR_MS, DAY_MS]) expect(table.sum(spanMs).good).toBe(counted);
      }),
    );
  });
});
