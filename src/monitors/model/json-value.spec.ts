import fc from 'fast-check';
import { isJsonValue, isSameJson } from './json-value';

const anyJson = fc.jsonValue({ maxDepth: 5 });

describe('a JSON value', () => {
  it.each([undefined, NaN, Infinity, 1n, Symbol('s'), (): void => undefined, '\0', '\ud800', [undefined]])(
    'is not %p',
    (value) => {
      expect(isJsonValue(value)).toBe(false);
      expect(isJsonValue({ within: value })).toBe(false);
    },
  );

  it('is not one that holds itself, as YAML can write it', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(isJsonValue(loop)).toBe(false);
  });

  it('is nested eight levels at most', () => {
    expect(isJsonValue([[[[[[[['eight']]]]]]]])).toBe(true);
    expect(isJsonValue([[[[[[[[['nine']]]]]]]]])).toBe(false);
  });
});

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
