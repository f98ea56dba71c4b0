import { never, orNull } from '../../http/definition/definition-rules';
import type { DefinitionFields, Rule } from '../../http/definition/definition-fields';

const MAX_HEADERS = 50;
const MAX_VALUE = 4_096;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** RFC 9110 section 5.5, as undici takes it. Space at the ends would be lost on the way. */
const VALUE = /^(?![\t ])[\t\x20-\x7e\x80-\xff]*(?<![\t ])$/;

/** What belongs to the connection or follows from the body; undici sets it, and refuses most of it from others. */
const OWN_TO_CONNECTION: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const HEADER_VALUE: Rule<string> = {
  read: (value) =>
    typeof value === 'string' && value.length <= MAX_VALUE && VALUE.test(value) ? value : undefined,
  message: `must be the text of a header, at most ${MAX_VALUE} characters, without space at its ends`,
};

/** Headers to send. `host` may be among them: that is how one server is asked for another's name. */
export function readSentHeaders(fields: DefinitionFields): Readonly<Record<string, string>> {
  return readHeaders(fields, HEADER_VALUE, OWN_TO_CONNECTION);
}

/** Headers to expect; null stands for none of that name. */
export function readExpectedHeaders(fields: DefinitionFields): Readonly<Record<string, string | null>> {
  return readHeaders(fields, orNull(HEADER_VALUE), []);
}

function readHeaders<T>(
  fields: DefinitionFields,
  value: Rule<T>,
  refused: readonly string[],
): Readonly<Record<string, T>> {
  const seen = new Set<string>();
  return fields.takeAll((name) => {
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) return never('is no name of a header');
    if (refused.includes(lower)) return never('belongs to the connection and cannot be set');
    if (seen.has(lower)) return never('is there twice');
    seen.add(lower);
    return seen.size > MAX_HEADERS ? never(`is one too many: there can be ${MAX_HEADERS}`) : value;
  });
}
