import { readTraceparent, writeTraceparent } from './trace-parent';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it('reads what it writes', () => {
  const text = `00-${TRACE}-${SPAN}-01`;
  const read = readTraceparent(text);
  expect(read).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
  expect(read && writeTraceparent(read)).toBe(text);
});

it('reads a later version, with what it may add', () => {
  expect(readTraceparent(`01-${TRACE}-${SPAN}-00-more`)).toMatchObject({ traceId: TRACE, traceFlags: 0 });
});

it.each([
  undefined,
  null,
  '',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
])('takes %s for none', (text) => {
  expect(readTraceparent(text)).toBeNull();
});
