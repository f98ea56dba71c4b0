import { InvalidDocumentError, readIncidents, readSummary, type DocumentFault } from './statuspage-document';

const PAGE = { id: 'p1', name: 'Acme Status' };

function faultOf(read: () => unknown): DocumentFault | 'none' {
  try {
    read();
    return 'none';
  } catch (error) {
    if (error instanceof InvalidDocumentError) return error.fault;
    throw error;
  }
}

describe('readSummary', () => {
  it.each<[fact: string, text: string, fault: DocumentFault]>([
    ['an empty body', '', 'not_json'],
    ['HTML', '<!doctype html><title>Sign in</title>', 'not_json'],
    ['half a document', '{"incidents":[', 'not_json'],
    ['100,000 levels of nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'too_deep'],
    ['an empty object', '{}', 'not_a_summary'],
    ['null', 'null', 'not_a_summary'],
    ['a list', '[]', 'not_a_summary'],
    ['a document without incidents', JSON.stringify({ page: PAGE, components: [] }), 'not_a_summary'],
    ['incidents that are no list', JSON.stringify({ page: PAGE, incidents: {} }), 'not_a_summary'],
    ['neither page id nor components', JSON.stringify({ page: {}, incidents: [] }), 'not_a_summary'],
    ['a page id that is no string', JSON.stringify({ page: { id: 7 }, incidents: [] }), 'not_a_summary'],
    [
      "another vendor's document",
      JSON.stringify({ ongoing_incidents: [], in_progress_maintenances: [], page_title: 'Acme' }),
      'not_a_summary',
    ],
    ['an incident without id', JSON.stringify({ page: PAGE, incidents: [{ name: 'x' }] }), 'item_without_id'],
    [
      'an incident with a number for id',
      JSON.stringify({ page: PAGE, incidents: [{ id: 1 }] }),
      'item_without_id',
    ],
    [
      'an incident with an empty id',
      JSON.stringify({ page: PAGE, incidents: [{ id: '' }] }),
      'item_without_id',
    ],
    ['an incident that is null', JSON.stringify({ page: PAGE, incidents: [null] }), 'item_without_id'],
    [
      'a component without id',
      JSON.stringify({ page: PAGE, incidents: [], components: [{ status: 'operational' }] }),
      'item_without_id',
    ],
    [
      'a maintenance without id',
      JSON.stringify({ page: PAGE, incidents: [], scheduled_maintenances: ['x'] }),
      'item_without_id',
    ],
  ])('refuses %s', (_fact, text, fault) => {
    expect(faultOf(() => readSummary(text))).toBe(fault);
  });

  it.each<[fact: string, document: object]>([
    ['a page id without components', { page: PAGE, incidents: [] }],
    ['components without a page', { incidents: [], components: [] }],
    ['components that are null', { page: PAGE, incidents: [], components: null }],
    ['maintenances that are no list', { page: PAGE, incidents: [], scheduled_maintenances: 'none' }],
  ])('accepts %s', (_fact, document) => {
    expect(readSummary(JSON.stringify(document))).toEqual({
      incidents: [],
      maintenances: [],
      components: [],
    });
  });

  it('keeps the newest of items with one id', () => {
    const item = (updated_at: string | null, name: string): object => ({ id: 'i1', name, updated_at });
    const incidents = [
      item(null, 'undated'),
      item('2031-01-01T10:00:00Z', 'old'),
      item('2031-01-01T10:30:00+01:00', 'oldest'),
      item('2031-01-01T12:00:00Z', 'new'),
      item('2031-01-01T12:00:00Z', 'as new'),
    ];
    const summary = readSummary(JSON.stringify({ page: PAGE, incidents }));
    expect(summary.incidents.map(({ name }) => name)).toEqual(['new']);
  });

  it('takes what stands among incidents and maintenances for an incident', () => {
    const summary = readSummary(
      JSON.stringify({
        page: PAGE,
        incidents: [{ id: 'a' }],
        scheduled_maintenances: [{ id: 'a' }, { id: 'b' }],
      }),
    );
    expect(summary.incidents).toEqual([{ id: 'a' }]);
    expect(summary.maintenances).toEqual([{ id: 'b' }]);
  });

  it('leaves out headings', () => {
    const components = [
      { id: 'g', group: true, status: 'major_outage' },
      { id: 'c', group: false, status: 'operational' },
    ];
    const summary = readSummary(JSON.stringify({ page: PAGE, incidents: [], components }));
    expect(summary.components.map(({ id }) => id)).toEqual(['c']);
  });

  it('is not led astray by __proto__ as an id or a key', () => {
    const text = `{"page":{"id":"p"},"incidents":[{"id":"__proto__","name":"a"},{"__proto__":{"id":"b"},"id":"constructor"}]}`;
    expect(readSummary(text).incidents.map(({ id }) => id)).toEqual(['__proto__', 'constructor']);
    expect(faultOf(() => readSummary(`{"page":{"id":"p"},"incidents":[{"__proto__":{"id":"b"}}]}`))).toBe(
      'item_without_id',
    );
  });
});

describe('readIncidents', () => {
  it.each<[text: string, fault: DocumentFault]>([
    ['<html>', 'not_json'],
    ['{}', 'not_incidents'],
    ['{"incidents":null}', 'not_incidents'],
    ['{"incidents":[{"id":null}]}', 'item_without_id'],
  ])('refuses %s', (text, fault) => {
    expect(faultOf(() => readIncidents(text))).toBe(fault);
  });

  it('finds items by id', () => {
    const incidents = readIncidents('{"incidents":[{"id":"a","status":"resolved"},{"id":"b"}]}');
    expect(incidents.get('a')).toEqual({ id: 'a', status: 'resolved' });
    expect([...incidents.keys()]).toEqual(['a', 'b']);
  });
});
