import { normalizeAdded, type AddedSignal } from './upstream';

const signal: AddedSignal = {
  account_id: 'acme',
  request: { name: 'Order placed', userId: 'u-ada', details: 'two tickets' },
  answer: { success: true, id: 'e-77' },
  addedAt: Date.UTC(2030, 0, 1),
  makeId: () => 'made',
};

describe('normalizeAdded', () => {
  it('makes an activity of an addition', () => {
    expect(normalizeAdded(signal)).toEqual({
      account_id: 'acme',
      event_id: 'upstream:e-77',
      source: 'upstream',
      kind: 'activity',
      severity: 'info',
      service: 'upstream',
      type: 'event.added',
      user_id: 'u-ada',
      summary: 'Order placed',
      description: 'two tickets',
      started_at: signal.addedAt,
      resolved_at: null,
      updated_at: signal.addedAt,
      raw: JSON.stringify({ request: signal.request, answer: signal.answer }),
    });
  });

  it.each<[string, unknown, string]>([
    ['a text', 'e-1', 'upstream:e-1'],
    ['a number', 77, 'upstream:77'],
    ['as long as can be stored', 'x'.repeat(1_015), `upstream:${'x'.repeat(1_015)}`],
  ])('takes their id that is %s', (_, id, expected) => {
    expect(normalizeAdded({ ...signal, answer: { success: true, id } }).event_id).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['empty', ''],
    ['null', null],
    ['an object', { value: 'e-1' }],
    ['a fraction', 1.5],
    ['too long in bytes', 'é'.repeat(600)],
    ['half a surrogate pair', '\ud800'],
    ['with NUL', 'a\0b'],
  ])('makes an id where theirs is %s', (_, id) => {
    expect(normalizeAdded({ ...signal, answer: { success: true, id } }).event_id).toBe('upstream:made');
  });

  it('takes only text for a description, and makes text fit for every database', () => {
    const request = { name: 'a\0b', userId: 'u-ada', details: { order: 4711 } };
    expect(normalizeAdded({ ...signal, request })).toMatchObject({
      summary: 'a\uFFFDb',
      description: null,
      raw: expect.stringContaining('{"order":4711}') as string,
    });
  });
});
