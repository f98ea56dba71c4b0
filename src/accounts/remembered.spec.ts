import { Logger } from '@nestjs/common';
import { StorageUnavailableError } from '../database/storage-error';
import { Remembered } from './remembered';

const SECOND = 1_000;

/** A source whose rows the test sets, with a clock that the test turns. */
class Rows {
  readonly rows = new Map<string, string>();
  readonly asked: string[] = [];
  now = Date.UTC(2026, 10, 20);
  isAway = false;
  /** Answers wait for it. */
  gate: Promise<void> = Promise.resolve();
  readonly remembered = new Remembered<string>(
    {
      name: 'a row',
      load: async (key) => {
        this.asked.push(key);
        const row = this.rows.get(key) ?? null;
        await this.gate;
        if (this.isAway) throw new StorageUnavailableError('the database is away');
        return row;
      },
      absentForMs: 5 * SECOND,
    },
    () => this.now,
  );

  /** Lets what runs in the background end. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** A promise, and what resolves it. */
function makeGate(): { readonly gate: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
}

let rows: Rows;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  rows = new Rows();
  rows.rows.set('a', 'first');
});

describe('what is remembered', () => {
  it('is read once within ten seconds, by however many at once', async () => {
    expect(await Promise.all([rows.remembered.get('a'), rows.remembered.get('a')])).toEqual([
      'first',
      'first',
    ]);
    rows.now += 9 * SECOND;
    expect(await rows.remembered.get('a')).toBe('first');
    expect(rows.asked).toEqual(['a']);
  });

  it('is renewed behind the back of who uses it', async () => {
    await rows.remembered.get('a');
    rows.rows.set('a', 'second');
    rows.now += 10 * SECOND;
    expect(await rows.remembered.get('a')).toBe('first');
    await rows.settle();
    expect(await rows.remembered.get('a')).toBe('second');
    expect(rows.asked).toEqual(['a', 'a']);
  });

  it('is renewed first where nobody has used it for twenty seconds', async () => {
    await rows.remembered.get('a');
    rows.rows.set('a', 'second');
    rows.now += 20 * SECOND;
    expect(await rows.remembered.get('a')).toBe('second');
  });

  it('has to do, however old, while the database is away, which is asked once a second', async () => {
    await rows.remembered.get('a');
    rows.isAway = true;
    rows.now += 3_600 * SECOND;
    for (let times = 0; times < 3; times++) expect(await rows.remembered.get('a')).toBe('first');
    expect(rows.asked).toHaveLength(2);
    rows.now += SECOND;
    rows.isAway = false;
    rows.rows.delete('a');
    expect(await rows.remembered.get('a')).toBeNull();
  });

  it('has to do while the database takes too long to answer', async () => {
    await rows.remembered.get('a');
    const { gate, open } = makeGate();
    rows.gate = gate;
    rows.rows.set('a', 'second');
    rows.now += 3_600 * SECOND;
    expect(await rows.remembered.get('a')).toBe('first');
    open();
    await rows.settle();
    expect(await rows.remembered.get('a')).toBe('second');
  });

  it('is replaced by what this process has changed, also over a reading that began before', async () => {
    const { gate, open } = makeGate();
    rows.gate = gate;
    const reading = rows.remembered.get('a');
    rows.remembered.set('a', 'changed');
    open();
    expect(await reading).toBe('first');
    expect(await rows.remembered.get('a')).toBe('changed');
    rows.remembered.set('a', null);
    expect(await rows.remembered.get('a')).toBeNull();
  });
});

describe('what cannot be waited for', () => {
  it('is not known in time, and known when it has been read', async () => {
    const { gate, open } = makeGate();
    rows.gate = gate;
    expect(await rows.remembered.getWithin(10, 'a')).toBeUndefined();
    expect(await rows.remembered.getWithin(3_600_000, 'a')).toBeUndefined();
    open();
    await rows.settle();
    expect(await rows.remembered.getWithin(10, 'a')).toBe('first');
  });

  it('is not known while the database is away, or not there', async () => {
    rows.isAway = true;
    expect(await rows.remembered.getWithin(1_000, 'a')).toBeUndefined();
    rows.isAway = false;
    expect(await rows.remembered.getWithin(1_000, 'b')).toBeNull();
  });
});

describe('what is not there', () => {
  it('is asked for again after its time, and not known while the database is away', async () => {
    expect(await rows.remembered.get('b')).toBeNull();
    rows.now += 4 * SECOND;
    expect(await rows.remembered.get('b')).toBeNull();
    expect(rows.asked).toEqual(['b']);
    rows.now += SECOND;
    rows.isAway = true;
    await expect(rows.remembered.get('b')).rejects.toThrow(StorageUnavailableError);
    rows.isAway = false;
    rows.rows.set('b', 'new');
    expect(await rows.remembered.get('b')).toBe('new');
  });

  it('does not drive out what is, however much of it is asked for', async () => {
    await rows.remembered.get('a');
    for (let index = 0; index < 30_000; index++) await rows.remembered.get(`b${index}`);
    rows.isAway = true;
    expect(await rows.remembered.get('a')).toBe('first');
    await expect(rows.remembered.get('b0')).rejects.toThrow(StorageUnavailableError);
    expect(await rows.remembered.get('b29999')).toBeNull();
  });
});
