import { SseParser } from './sse-parser';

describe('SseParser', () => {
  it('reads messages, whole or in pieces', () => {
    const text = 'id: 1\nevent: revision\ndata: {"a":"b: c"}\n\nid: 2\ndata:\n\n';
    const expected = [
      { id: '1', event: 'revision', data: '{"a":"b: c"}' },
      { id: '2', event: 'message', data: '' },
    ];
    expect(new SseParser().push(text)).toEqual(expected);
    for (let cut = 0; cut <= text.length; cut++) {
      const parser = new SseParser();
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual(expected);
    }
  });

  it('passes over comments, and keeps what is not whole yet', () => {
    const parser = new SseParser();
    expect(parser.push(': still here\n\nevent: ready\n')).toEqual([]);
    expect(parser.push('data: {}\n\n')).toEqual([{ id: null, event: 'ready', data: '{}' }]);
  });

  it('joins the lines of one message', () => {
    expect(new SseParser().push('data: one\ndata: two\n\n')).toEqual([
      { id: null, event: 'message', data: 'one\ntwo' },
    ]);
  });
});
