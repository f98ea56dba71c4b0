import type { EntityManager } from 'typeorm';
import { dialectOf, type Dialect } from './dialect';

function dialect(type: 'postgres' | 'better-sqlite3'): Dialect {
  return dialectOf({ dataSource: { options: { type } } } as EntityManager);
}

describe('the dialect of PostgreSQL', () => {
  const { name, placeholders, rows, indexedBy, forUpdateSkipLocked } = dialect('postgres');

  it('numbers the places of parameters', () => {
    expect(name).toBe('postgres');
    expect(placeholders('SELECT ? WHERE a = ? AND b IN (?, ?)')).toBe(
      'SELECT $1 WHERE a = $2 AND b IN ($3, $4)',
    );
    expect(placeholders(Array(12).fill('?').join())).toBe('$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12');
    expect(placeholders('SELECT 1')).toBe('SELECT 1');
  });

  it('counts anew for each text', () => {
    expect([placeholders('?'), placeholders('?')]).toEqual(['$1', '$1']);
  });

  it('takes a list of rows as one parameter, names no index, and passes over what is locked', () => {
    expect(rows('j').match(/\?/g)).toHaveLength(1);
    expect([indexedBy('ix_a'), forUpdateSkipLocked]).toEqual(['', 'FOR UPDATE SKIP LOCKED']);
  });
});

describe('the dialect of SQLite', () => {
  it('leaves places as they are, can name an index, and has nothing to lock', () => {
    const { name, placeholders, rows, indexedBy, forUpdateSkipLocked } = dialect('better-sqlite3');
    expect(name).toBe('sqlite');
    expect(placeholders('SELECT ?, ?')).toBe('SELECT ?, ?');
    expect(rows('j').match(/\?/g)).toHaveLength(1);
    expect([indexedBy('ix_a'), forUpdateSkipLocked]).toEqual(['INDEXED BY ix_a', '']);
  });
});
