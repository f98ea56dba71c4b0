import fc from 'fast-check';
import { readJsonPath, valueAt } from './json-path';

const DOCUMENT = {
  status: 'ok',
  checks: [{ 'response-time': 12 }, { nested: [['a'], ['b', null]] }],
  'a name. with [all] "of" it': true,
  größe: 3,
};

describe('a JSON path', () => {
  it.each<[path: string, value: unknown]>([
    ['$', DOCUMENT],
    ['$.status', 'ok'],
    ["$['status']", 'ok'],
    ['$["status"]', 'ok'],
    ['$.checks[0].response-time', 12],
    ['$.checks[1].nested[1][0]', 'b'],
    ['$.checks[1].nested[1][1]', null],
    [`$['a name. with [all] "of" it']`, true],
    ['$.größe', 3],
  ])('%s leads to its value', (path, value) => {
    expect(valueAt(DOCUMENT, path)).toEqual(value);
  });

  it.each([
    '$.nothing',
    '$.checks[2]',
    '$.checks.length',
    '$.status.length',
    '$.status[0]',
    '$[0]',
    '$.constructor',
    '$.__proto__',
    '$.checks[1].nested[1][1].further',
    "$['']",
  ])('%s leads to nothing where there is nothing', (path) => {
    expect(valueAt(DOCUMENT, path)).toBeUndefined();
  });

  it.each([
    '',
    'status',
    '.status',
    '$status',
    '$.',
    '$..status',
    '$.*',
    '$[*]',
    '$[-1]',
    '$[01]',
    '$[0:1]',
    '$[?(@.a)]',
    '$["a]',
    "$['it\\'s']",
    '$.a b',
    '$.1',
    '$.a ',
    '$[9999999999]',
  ])('is none where it is %s', (path) => {
    expect(readJsonPath(path)).toBeNull();
  });

  it('finds every value of a document by its place', () => {
    const anyDocument = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(anyDocument, (document) => {
        for (const { path, value } of placesOf(document, '$')) expect(valueAt(document, path)).toEqual(value);
      }),
    );
  });
});

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** All values in a document whose names can be written in a path. */
function placesOf(value: unknown, path: string): Place[] {
  const here = { path, value };
  if (Array.isArray(value)) {
    return [here, ...value.flatMap((element, index) => placesOf(element, `${path}[${index}]`))];
  }
  if (typeof value !== 'object' || value === null) return [here];
  const members = Object.entries(value).filter(([name]) => !/['\\]/.test(name));
  return [here, ...members.flatMap(([name, member]) => placesOf(member, `${path}['${name}']`))];
}
