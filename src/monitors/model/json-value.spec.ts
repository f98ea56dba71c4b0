import { isJsonValue } from './json-value';

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
