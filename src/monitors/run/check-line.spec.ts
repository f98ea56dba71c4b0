import { CheckLine, type Leave, type Place } from './check-line';

const LIMITS = [2, 1] as const;

const placeOf = (changes: Partial<Place> = {}): Place => ({
  account_id: 'one',
  host: 'a.example',
  priority: 'normal',
  ...changes,
});

/** A line, and who was let in, by name, in order. */
function makeLine([limit, hostLimit]: readonly [number, number] = LIMITS): {
  readonly line: CheckLine;
  readonly begun: string[];
  readonly enter: (name: string, place?: Partial<Place>) => void;
  readonly leave: (name: string) => Promise<void>;
} {
  const line = new CheckLine(limit, hostLimit);
  const begun: string[] = [];
  const leaves = new Map<string, Leave>();
  return {
    line,
    begun,
    enter: (name, place) => {
      void line.enter(placeOf(place)).then((leave) => {
        begun.push(name);
        leaves.set(name, leave);
      });
    },
    leave: async (name) => {
      await Promise.resolve();
      leaves.get(name)!();
      await Promise.resolve();
    },
  };
}

describe('the line of checks', () => {
  it('lets in as many as may run, and the others as those leave', async () => {
    const { line, begun, enter, leave } = makeLine([2, 2]);
    for (const name of ['1', '2', '3']) enter(name);
    await Promise.resolve();
    expect(begun).toEqual(['1', '2']);
    expect(line.load).toEqual({ running: 2, waiting: 1 });
    await leave('1');
    expect(begun).toEqual(['1', '2', '3']);
    await leave('2');
    await leave('3');
    expect(line.load).toEqual({ running: 0, waiting: 0 });
  });

  it('lets others pass those who wait for a full host', async () => {
    const { begun, enter, leave } = makeLine();
    enter('1');
    enter('2');
    enter('3', { host: 'b.example' });
    await Promise.resolve();
    expect(begun).toEqual(['1', '3']);
    await leave('1');
    expect(begun).toEqual(['1', '3', '2']);
  });

  it('takes those of high priority first', async () => {
    const { begun, enter, leave } = makeLine([1, 1]);
    enter('running');
    enter('low', { priority: 'low' });
    enter('normal');
    enter('high', { priority: 'high' });
    for (const name of ['running', 'high', 'normal']) await leave(name);
    expect(begun).toEqual(['running', 'high', 'normal', 'low']);
  });

  it('lets accounts take turns', async () => {
    const { begun, enter, leave } = makeLine([1, 1]);
    for (const name of ['a1', 'a2', 'a3']) enter(name, { account_id: 'a' });
    enter('b1', { account_id: 'b' });
    for (const name of ['a1', 'a2', 'b1']) await leave(name);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });
});
