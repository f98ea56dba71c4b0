import fc from 'fast-check';
import { isSameJson } from './same-json';

const anyJson = fc.jsonValue({ maxDepth: 5 });

describe('two JSON values', () => {
  it('are the same when their texts are, whatever the order of members', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const copy = JSON.parse(JSON.stringify(value), (_name, member: unknown) =>
          backwards(member),
        ) as unknown;
        expect(isSameJson(value, copy)).toBe(true);
      }),
    );
  });

  it.each<[one: unknown, other: unknown]>([
    [1, '1'],
    [null, undefined],
    [0, false],
    [[], {}],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: undefined }, { b: undefined }],
    [{ constructor: 1 }, { a: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
  ])('%j and %j are not the same', (one, other) => {
    expect(isSameJson(one, other)).toBe(false);
    expect(isSameJson(other, one)).toBe(false);
  });

  it('are the same whatever the sign of 0', () => {
    expect(isSameJson({ a: [-0] }, { a: [0] })).toBe(true);
  });
});

/** The same with members in the opposite order. */
function backwards(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
