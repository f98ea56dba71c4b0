import { Statement } from '../../src/database/statement';
import { describeOnBoth } from './both-databases';

describeOnBoth('a statement', (database) => {
  const MANY = new Statement<{ a: string; b: number | null }>(
    ({ rows }) => `
    SELECT CAST(? AS text) || (j.value ->> 0) AS a, CAST(j.value ->> 1 AS bigint) AS b FROM ${rows('j')}
    ORDER BY j.key DESC`,
  );
  const ADD = new Statement<{ name: string; token: number }>(
    ({ rows }) => `
    INSERT INTO leases (name, holder, token, until, note)
    SELECT j.value ->> 0, ?, CAST(j.value ->> 1 AS bigint), 0, j.value ->> 2 FROM ${rows('j')} ORDER BY j.key
    RETURNING name, token`,
  );
  const CHANGE = new Statement<{ name: string; token: number }>(
    () => 'UPDATE leases SET token = token + ? WHERE holder = ? RETURNING name, token',
  );
  const REMOVE = new Statement(() => 'DELETE FROM leases WHERE holder = ?');
  const LOOK_UP = new Statement<{ at: number; token: number }>(
    ({ rows, lookUp }) => `
    SELECT CAST(j.value ->> 0 AS bigint) AS at, l.token FROM ${rows('j')}
      ${lookUp('leases', 'l', 'l.name = j.value ->> 1')}
    ORDER BY j.key`,
  );
  const AMONG = new Statement<{ name: string }>(
    ({ rows, among }) => `
    SELECT name FROM leases WHERE name ${among(`SELECT j.value ->> 0 FROM ${rows('j')}`)} ORDER BY name`,
  );

  const write = <Row>(statement: Statement<Row>, parameters: unknown[]): Promise<Row[]> =>
    database().write((tx) => statement.run(tx, parameters));
  const read = <Row>(statement: Statement<Row>, parameters: unknown[]): Promise<Row[]> =>
    statement.run(database().read, parameters);
  const rowsOf = (...rows: unknown[][]): string => JSON.stringify(rows);

  afterEach(() => write(REMOVE, ['us']));

  it('takes its parameters in the order of their places, and a list of rows as one of them', async () => {
    expect(await read(MANY, ['x-', rowsOf(['1', 10], ['?', 9_007_199_254_740_991], ["'", null])])).toEqual([
      { a: "x-'", b: null },
      { a: 'x-?', b: 9_007_199_254_740_991 },
      { a: 'x-1', b: 10 },
    ]);
    expect(await read(MANY, ['x-', rowsOf()])).toEqual([]);
  });

  it('gives the rows that it added, changed or removed, where it says so', async () => {
    const added = await write(ADD, ['us', rowsOf(['a', 1, null], ['b', 2, 'note'])]);
    expect(added).toEqual([
      { name: 'a', token: 1 },
      { name: 'b', token: 2 },
    ]);
    // Two rows, and of one row, and of none: TypeORM's answers to an UPDATE look like lists of two.
    expect(await write(CHANGE, [10, 'us'])).toEqual([
      { name: 'a', token: 11 },
      { name: 'b', token: 12 },
    ]);
    expect(await write(CHANGE, [10, 'nobody'])).toEqual([]);
  });

  it('looks rows up for a list, in its order, and leaves out what is not there', async () => {
    await write(ADD, ['us', rowsOf(['a', 1, null], ['b', 2, null])]);
    expect(await read(LOOK_UP, [rowsOf([1, 'b'], [2, 'c'], [3, 'a'], [4, 'b'])])).toEqual([
      { at: 1, token: 2 },
      { at: 3, token: 1 },
      { at: 4, token: 2 },
    ]);
    expect(await read(AMONG, [rowsOf(['b'], ['a'], ['z'], ['b'])])).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(await read(AMONG, [rowsOf()])).toEqual([]);
  });

  it('does not take what a row says for a part of itself', async () => {
    const name = `'; DROP TABLE leases; -- $1 ? \\ "`;
    await write(ADD, ['us', rowsOf([name, 1, '?'])]);
    expect(await read(AMONG, [rowsOf([name])])).toEqual([{ name }]);
  });
});
