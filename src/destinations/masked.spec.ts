import { masked, maskedError } from './masked';

const SECRET = 'sesame-open';

describe('a masked text', () => {
  it.each<[text: string, secrets: string[], shown: string]>([
    ['nothing here', [SECRET], 'nothing here'],
    [`a ${SECRET} b ${SECRET}`, [SECRET], 'a [redacted] b [redacted]'],
    ['$& sesame-open', [SECRET], '$& [redacted]'],
    ['sesame-open-wide', [SECRET, 'sesame-open-wide'], '[redacted]'],
    ['sesame-ope', [SECRET], 'sesame-ope'],
  ])('of %j with %j is %j', (text, secrets, shown) => {
    expect(masked(text, secrets)).toBe(shown);
  });

  it.each<[text: string, shown: string]>([
    ['the key is sesame-ope', 'the key is [redacted]'],
    ['the key is sesa', 'the key is [redacted]'],
    ['the key is ses', 'the key is ses'],
    ['the key is sesame-open', 'the key is [redacted]'],
    ['nothing here', 'nothing here'],
  ])('that was cut, %j, is %j', (text, shown) => {
    expect(masked(text, [SECRET], true)).toBe(shown);
  });
});

describe('a masked error', () => {
  it('has the name and the place of the error, and nothing that hangs on it', () => {
    const error = Object.assign(new TypeError(`bad ${SECRET}`, { cause: new Error(SECRET) }), {
      url: SECRET,
    });
    const copy = maskedError(error, [SECRET]);
    expect([copy.name, copy.message, copy.cause]).toEqual(['TypeError', 'bad [redacted]', undefined]);
    expect(copy.stack).toContain('masked.spec');
    expect(`${copy.stack} ${JSON.stringify(copy)}`).not.toContain(SECRET);
  });

  it('takes what is no error', () => {
    expect(maskedError(SECRET, [SECRET]).message).toBe('[redacted]');
  });
});
