import fc from 'fast-check';
import { InvalidJsonError, isObject, MAX_NESTING, parseJson } from './json-document';

function errorOf(text: string): InvalidJsonError | null {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof InvalidJsonError) return error;
    throw error;
  }
  return null;
}

const faultOf = (text: string): string => errorOf(text)?.fault ?? 'none';

function nested(levels: number, open = '[', close = ']'): string {
  return open.repeat(levels) + close.repeat(levels);
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('throws nothing but its own error, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('[', ']', '{', '}', '"', '\\', '\\"', ':', ',', 'a', '1', ' '))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(['none', 'not_json', 'too_deep']).toContain(faultOf(value));
      }),
    );
  });

  it.each([
    '',
    ' ',
    'undefined',
    '{',
    '{"a":1',
    "{'a':1}",
    '{"a":1,}',
    '\uFEFF{}',
    '[1]x',
    '"\t"',
    'NaN',
    '01',
    '\0',
  ])('refuses %j as no JSON', (text) => {
    expect(faultOf(text)).toBe('not_json');
  });

  it.each([
    ['128 lists', nested(MAX_NESTING), 'none'],
    ['129 lists', nested(MAX_NESTING + 1), 'too_deep'],
    ['128 objects', `${'{"a":'.repeat(128)}1${'}'.repeat(128)}`, 'none'],
    ['129 objects', `${'{"a":'.repeat(129)}1${'}'.repeat(129)}`, 'too_deep'],
    ['129 levels of both', `${'[{"a":'.repeat(64)}[1]${'}]'.repeat(64)}`, 'too_deep'],
    ['a million levels', nested(1_000_000), 'too_deep'],
    ['129 levels that are never closed', '['.repeat(300), 'too_deep'],
    ['a thousand lists side by side', `[${'[],'.repeat(999)}[]]`, 'none'],
    ['brackets within a text', JSON.stringify('['.repeat(1_000)), 'none'],
    ['brackets within a key', JSON.stringify({ ['{'.repeat(1_000)]: 1 }), 'none'],
    ['brackets behind an escaped quote', JSON.stringify(`"${'['.repeat(1_000)}`), 'none'],
    ['brackets behind escaped backslashes', JSON.stringify(`\\\\${'['.repeat(1_000)}\\`), 'none'],
    ['depth behind a text that ends with a backslash', `["\\\\",${nested(MAX_NESTING)}]`, 'too_deep'],
    ['depth behind an escaped quote', `["\\"",${nested(MAX_NESTING)}]`, 'too_deep'],
    ['brackets in a text that never ends', `"${'['.repeat(1_000)}`, 'not_json'],
  ])('counts levels and not brackets: %s', (_, text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('copes with a megabyte of quotes and backslashes', () => {
    expect(faultOf(`"${'\\"'.repeat(500_000)}"`)).toBe('none');
    expect(faultOf(`"${'\\\\'.repeat(500_000)}"`)).toBe('none');
    expect(faultOf('"'.repeat(1_000_000))).toBe('not_json');
  });

  it('gives nobody a prototype', () => {
    const value = parseJson(
      '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
    ) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('isAdmin' in value || 'isAdmin' in {}).toBe(false);
  });

  it('says why it refused, and keeps the cause', () => {
    expect(errorOf('{')).toMatchObject({
      message: 'not valid JSON',
      cause: expect.any(SyntaxError) as unknown,
    });
    expect(errorOf(nested(129))).toMatchObject({ message: 'JSON nested deeper than 128 levels' });
  });
});

describe('isObject', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['{}', false],
    [1, false],
  ])('of %j is %s', (value, expected) => {
    expect(isObject(value)).toBe(expected);
  });
});
