import { gzipSync } from 'node:zlib';

/** A body, and the headers that come with it. */
export interface HostileBody {
  readonly name: string;
  /** Makes it, from one that the operation takes. */
  readonly body: (valid: object) => string | Buffer;
  readonly headers?: readonly string[];
  /** The only statuses it may be answered with; otherwise any 4xx, or a 2xx because it does no harm. */
  readonly statuses?: readonly number[];
  /** Operations that take it for what it is. */
  readonly takenBy?: readonly string[];
}

const JSON_TYPE = 'Content-Type: application/json';

const repeat = (open: string, close: string, levels: number): string =>
  open.repeat(levels) + close.repeat(levels);

/** Every text of a document, replaced by another one. */
function withText(valid: object, text: string): string {
  return JSON.stringify(valid, (_, value: unknown) => (typeof value === 'string' ? '§' : value)).replaceAll(
    '§',
    text,
  );
}

/** A document with further members. */
function withMembers(valid: object, members: string): string {
  return `${JSON.stringify(valid).slice(0, -1)}${Object.keys(valid).length === 0 ? '' : ','}${members}}`;
}

const scalars = ['null', 'true', '42', '-0', '1e999', '"text"', '""', '[]', '[{}]', '[null]'];

/** Bodies that nobody sends by mistake. */
export const HOSTILE_BODIES: readonly HostileBody[] = [
  {
    name: 'more than a megabyte',
    body: (valid) => withMembers(valid, `"x":"${'x'.repeat(1_048_576)}"`),
    statuses: [413],
  },
  {
    name: 'a gzip bomb',
    body: () => gzipSync(Buffer.alloc(5_000_000, '[')),
    headers: [JSON_TYPE, 'Content-Encoding: gzip'],
    statuses: [415],
  },
  {
    name: 'a valid document in gzip',
    body: (valid) => gzipSync(JSON.stringify(valid)),
    headers: [JSON_TYPE, 'Content-Encoding: gzip'],
    statuses: [415],
  },
  { name: '100,000 lists in each other', body: () => repeat('[', ']', 100_000), statuses: [400] },
  {
    name: '100,000 objects in each other',
    body: () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    statuses: [400],
  },
  {
    name: '100,000 levels within a member',
    body: (valid) => withMembers(valid, `"x":${repeat('[', ']', 100_000)}`),
    statuses: [400],
  },
  { name: '100,000 brackets never closed', body: () => '['.repeat(100_000), statuses: [400] },
  {
    name: '100,000 members',
    body: (valid) => withMembers(valid, Array.from({ length: 100_000 }, (_, i) => `"${i}":0`).join()),
  },
  {
    name: '100,000 members within a member',
    body: (valid) =>
      withMembers(valid, `"x":{${Array.from({ length: 100_000 }, (_, i) => `"${i}":0`).join()}}`),
  },
  { name: '400,000 items', body: (valid) => withMembers(valid, `"x":[${'0,'.repeat(400_000)}0]`) },
  {
    name: '__proto__ as a member',
    body: (valid) => withMembers(valid, '"__proto__":{"isAdmin":true,"toString":1}'),
  },
  {
    name: 'constructor as a member',
    body: (valid) => withMembers(valid, '"constructor":{"prototype":{"isAdmin":true}}'),
  },
  {
    name: 'constructor as text',
    body: (valid) => withMembers(valid, '"constructor":"x","prototype":1,"hasOwnProperty":0,"then":"x"'),
  },
  { name: '__proto__ in place of the members', body: (valid) => `{"__proto__":${JSON.stringify(valid)}}` },
  {
    name: 'members twice',
    body: (valid) => withMembers(valid, JSON.stringify(valid).slice(1, -1) || '"a":1,"a":2'),
  },
  {
    name: 'numbers beyond all bounds',
    body: (valid) => withMembers(valid, `"n":1e400,"m":-${'9'.repeat(1_000)},"o":1e-400`),
  },
  {
    name: 'a number in place of each text',
    body: (valid) => withText(valid, '§').replaceAll('"§"', '1e999'),
  },
  { name: 'null in place of each text', body: (valid) => withText(valid, '§').replaceAll('"§"', 'null') },
  {
    name: 'an object in place of each text',
    body: (valid) => withText(valid, '§').replaceAll('"§"', '{"length":3}'),
  },
  {
    name: 'a list in place of each text',
    body: (valid) => withText(valid, '§').replaceAll('"§"', '["a","b"]'),
  },
  { name: 'NUL in each text', body: (valid) => withText(valid, 'a\\u0000b') },
  { name: 'half a surrogate pair in each text', body: (valid) => withText(valid, '\\ud800') },
  { name: 'the other half in each text', body: (valid) => withText(valid, 'x\\udfff') },
  { name: 'direction marks in each text', body: (valid) => withText(valid, '\\u202e\\u2066') },
  { name: 'nothing in each text', body: (valid) => withText(valid, '') },
  { name: '100,000 characters in each text', body: (valid) => withText(valid, 'é'.repeat(100_000)) },
  {
    name: 'half a surrogate pair in a member’s name',
    body: (valid) => withMembers(valid, '"\\ud800":1,"\\u0000":2,"":3'),
  },
  { name: 'a byte order mark', body: (valid) => `\uFEFF${JSON.stringify(valid)}`, statuses: [400] },
  {
    name: 'bytes that are no UTF-8',
    body: () => Buffer.from('{"a":"\xc3\x28\xff"}', 'latin1'),
    statuses: [400],
  },
  { name: 'UTF-16', body: (valid) => Buffer.from(JSON.stringify(valid), 'utf16le'), statuses: [400] },
  { name: 'a NUL byte', body: () => '\0', statuses: [400] },
  { name: 'nothing at all', body: () => '', statuses: [400] },
  { name: 'half a document', body: (valid) => JSON.stringify(valid).slice(0, -1), statuses: [400] },
  { name: 'two documents', body: (valid) => JSON.stringify(valid).repeat(2), statuses: [400] },
  { name: 'a comment', body: (valid) => `${JSON.stringify(valid)}//`, statuses: [400] },
  {
    name: 'the document in a list',
    body: (valid) => JSON.stringify([valid]),
    statuses: [400],
    takenBy: ['POST /events'],
  },
  ...scalars.map((scalar) => ({ name: `${scalar} for an object`, body: () => scalar, statuses: [400] })),
];

/** What a body may be said to be, wrongly. */
export const WRONG_CONTENT_TYPES: readonly string[] = [
  'text/plain',
  'text/html',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/octet-stream',
  'application/jsonp',
  'json',
  ';;;',
  '',
  'a/b'.repeat(1_000),
];
