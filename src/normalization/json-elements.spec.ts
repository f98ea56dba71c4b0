import fc from 'fast-check';
import { textsOfElements } from './json-elements';

describe('textsOfElements', () => {
  it.each<[string, string[]]>([
    ['[1]', ['1']],
    [' [ 1 ,\n {"a": [1, 2]} , "x,]" ] ', ['1', '{"a": [1, 2]}', '"x,]"']],
    [
      '{"events":[{"n":12345678901234567890},{"a":1,"a":2}]}',
      ['{"n":12345678901234567890}', '{"a":1,"a":2}'],
    ],
    ['{ "events" : [ [ ] , { } ] }', ['[ ]', '{ }']],
    ['{"events":[1,2],"events":[3]}', ['3']],
    ['{"events":{"a":1,"b":[2,3]},"events":[4,5]}', ['4', '5']],
    [String.raw`["\"]","\\",",\\\"[{"]`, [String.raw`"\"]"`, String.raw`"\\"`, String.raw`",\\\"[{"`]],
  ])('finds the elements of %s', (text, texts) => {
    expect(textsOfElements(text)).toEqual(texts);
  });

  it('finds what JSON.parse finds, in a list and in a member, however it is printed', () => {
    const lists = fc.array(fc.jsonValue(), { minLength: 1 });
    fc.assert(
      fc.property(lists, fc.boolean(), fc.nat({ max: 3 }), (list, isMember, indent) => {
        const text = JSON.stringify(isMember ? { events: list } : list, null, indent);
        const texts = textsOfElements(text);
        expect(texts.map((element) => JSON.parse(element) as unknown)).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
        expect(texts.every((element) => text.includes(element))).toBe(true);
      }),
    );
  });
});
