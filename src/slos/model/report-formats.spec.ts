import { HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { NO_COUNTS } from './counts';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { reportOf, type SloReport } from './report';
import { csvOf } from './report-csv';
import { documentOf } from './report-document';
import { htmlOf } from './report-html';
import { markdownOf } from './report-markdown';

const UNTIL = Date.UTC(2031, 4, 8);
const [OBJECTIVE] = DEFAULT_OBJECTIVES as [(typeof DEFAULT_OBJECTIVES)[number]];

const REPORT = reportOf({
  window: '7d',
  until_at: UNTIL,
  objectives: [
    {
      objective: OBJECTIVE,
      counts: { good: 99_920, bad: 80, unseen: 0 },
      before: { good: 99_980, bad: 20, unseen: 0 },
    },
    { objective: { ...OBJECTIVE, id: 'quiet', account_id: 'acme' }, counts: NO_COUNTS, before: NO_COUNTS },
  ],
  incidents: [
    {
      account_id: 'default',
      id: 'monitor:m1:2031-05-07T10:00:00.000Z',
      title: 'Checkout is down',
      fault: 'own',
      cause: 'A deploy',
      started_at: UNTIL - 14 * HOUR_MS,
      paged_at: UNTIL - 14 * HOUR_MS + 90_000,
      resolved_at: UNTIL - 14 * HOUR_MS + 30 * MINUTE_MS,
    },
  ],
});

/** The same with somebody's text as the title and the cause of its incident. */
function reportWith(text: string): SloReport {
  return { ...REPORT, incidents: REPORT.incidents.map((one) => ({ ...one, title: text, cause: text })) };
}

describe('a report in Markdown', () => {
  it('is tables that people can read', () => {
    expect(markdownOf(documentOf(REPORT))).toBe(`# Service levels, 7d

From 2031-05-01 00:00 UTC to 2031-05-08 00:00 UTC. Changes are against the 7d before.

Objectives met: 1; missed: 0; without data: 1.

Time to restore: 30 min on average, 30 min at most (1). Time to page: 1 min 30 s on average, 1 min 30 s at most (1).

## Objectives

| Objective | Account | Target | Actual | Change | Result | Budget spent | Change |
| --- | --- | --- | --- | --- | --- | --- | --- |
| POST /events is available | all | 99.9 % | 99.9200 % | -0.0600 | met | 80.0 % | +60.0 |
| POST /events is available | acme | 99.9 % | – | – | no data | – | – |

## Incidents

| Incident | Fault | Cause | Began | Lasted | Paged after |
| --- | --- | --- | --- | --- | --- |
| Checkout is down | own | A deploy | 2031-05-07 10:00 UTC | 30 min | 1 min 30 s |
`);
  });

  it('lets no text be anything but text', () => {
    const text = 'a | b\n# c <script> [d](https://example.com) `e` \\';
    const row = markdownOf(documentOf(reportWith(text)))
      .split('\n')
      .at(-2)!;
    const escaped = 'a \\| b \\# c \\<script\\> \\[d\\](https://example.com) \\`e\\` \\\\';
    expect(row).toBe(`| ${escaped} | own | ${escaped} | 2031-05-07 10:00 UTC | 30 min | 1 min 30 s |`);
  });

  it('says so where nothing happened', () => {
    const nothing = reportOf({ window: '30d', until_at: UNTIL, objectives: [], incidents: [] });
    const text = markdownOf(documentOf(nothing));
    expect(text).toContain('## Objectives\n\nThere are no objectives.\n');
    expect(text).toContain('## Incidents\n\nThere were no incidents.\n');
    expect(text).toContain('Time to restore: –. Time to page: –.');
  });
});

describe('a report in HTML', () => {
  const html = htmlOf(documentOf(REPORT));

  it('has all that Markdown has', () => {
    const cells = [...html.matchAll(/<t[dh](?: [^>]*)?>([^<]*)</g)].map(([, cell]) => cell);
    const { tables } = documentOf(REPORT);
    expect(cells).toEqual(tables.flatMap(({ head, rows }) => [...head, ...rows.flat()]));
    expect(html).toContain('<title>Service levels, 7d</title>');
  });

  it('loads nothing and runs nothing', () => {
    expect(html).not.toMatch(
      /<(script|link|img|iframe|object|base)|\s(src|href|on\w+)\s*=|url\(|@import|https?:/i,
    );
  });

  it('lets no text be anything but text', () => {
    const hostile = `</td><script>alert("1")</script><img src=x onerror='a()'> &amp;`;
    const escaped =
      '&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39;&gt; &amp;amp;';
    const page = htmlOf(documentOf(reportWith(hostile)));
    expect(page.split(escaped)).toHaveLength(3);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
  });

  it('says so where nothing happened', () => {
    const nothing = reportOf({ window: '30d', until_at: UNTIL, objectives: [], incidents: [] });
    expect(htmlOf(documentOf(nothing))).toContain('<p>There were no incidents.</p>');
  });
});

describe('a report in CSV', () => {
  const HEAD =
    'record,id,account,name,target,actual,actual_change,result,budget_consumed,budget_change,good,bad,unseen,fault,cause,from_at,until_at,paged_at,mttr_ms,time_to_page_ms';

  it('is one line for the whole, each objective and each incident', () => {
    const lines = csvOf({
      ...REPORT,
      objectives: REPORT.objectives.map((row) => ({ ...row, actual_change: null, budget_change: null })),
    }).split('\r\n');
    expect(lines).toEqual([
      HEAD,
      'report,,,7d,,,,,,,,,,,,2031-05-01T00:00:00.000Z,2031-05-08T00:00:00.000Z,,1800000,90000',
      'objective,events-availability,,POST /events is available,0.999,0.9992,,met,0.8,,99920,80,0,,,,,,,',
      'objective,quiet,acme,POST /events is available,0.999,,,no_data,,,0,0,0,,,,,,,',
      'incident,monitor:m1:2031-05-07T10:00:00.000Z,,Checkout is down,,,,,,,,,,own,A deploy,2031-05-07T10:00:00.000Z,2031-05-07T10:30:00.000Z,2031-05-07T10:01:30.000Z,1800000,90000',
      '',
    ]);
  });

  it('has changes as numbers, below 0 too', () => {
    const [, , row] = csvOf(REPORT).split('\r\n');
    const cells = row!.split(',');
    const columns = HEAD.split(',');
    expect(Number(cells[columns.indexOf('actual_change')])).toBeCloseTo(-0.0006, 12);
    expect(Number(cells[columns.indexOf('budget_change')])).toBeCloseTo(0.6, 12);
  });

  it.each([
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\r\nb', '"a\r\nb"'],
    // A spreadsheet would compute these.
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2', "'-2"],
    ['+2', "'+2"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("https://example.com")', `"'=HYPERLINK(""https://example.com"")"`],
  ])('writes the text %j as %s', (text, cell) => {
    expect(csvOf(reportWith(text))).toContain(`,${cell},,,,,,,,,,own,${cell},2031-05-07`);
  });
});
