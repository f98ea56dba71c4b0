import { anyAddress, publicAddress } from '../../reliability/address-guard';
import { readMonitorsFile, type FileContext, type MonitorsFile } from './monitors-file';

const CONTEXT: FileContext = { environment: { API_TOKEN: 'secret', EMPTY: '' }, addresses: anyAddress };

function fileOf(text: string): MonitorsFile {
  const reading = readMonitorsFile(text, CONTEXT);
  if ('faults' in reading) throw new Error(reading.faults.join('\n'));
  return reading.file;
}

function faultsOf(text: string, context: Partial<FileContext> = {}): readonly string[] {
  const reading = readMonitorsFile(text, { ...CONTEXT, ...context });
  return 'faults' in reading ? reading.faults : [];
}

const GOOD = `
monitors:
  - key: checkout-api
    account: acme
    name: Checkout API
    url: https://api.example.com/health
    headers:
      authorization: Bearer \${API_TOKEN}
    expect:
      status: [200, 204]
  - key: backup
    type: heartbeat
    name: Nightly backup
    period_s: 86400
maintenance_windows:
  - key: sunday
    account: acme
    name: Deployments
    monitors: [checkout-api]
    repeats: weekly
    on: [sun]
    local_time: 02:30
    time_zone: Europe/Berlin
    duration_s: 3600
  - key: upgrade
    name: Upgrade
    starts_at: 2026-01-18T02:00:00Z
    ends_at: 2026-01-18T04:00:00Z
`;

describe('a file of monitors', () => {
  it('says what the API would be told', () => {
    const { monitors, maintenance_windows } = fileOf(GOOD);
    expect(monitors).toMatchObject([
      {
        account_id: 'acme',
        key: 'checkout-api',
        definition: {
          type: 'http',
          url: 'https://api.example.com/health',
          headers: { authorization: 'Bearer secret' },
          interval_s: 60,
          expect: { status: ['200', '204'] },
        },
      },
      {
        account_id: 'default',
        key: 'backup',
        definition: { type: 'heartbeat', period_s: 86_400, grace_s: 300 },
      },
    ]);
    expect(maintenance_windows).toEqual([
      {
        account_id: 'acme',
        key: 'sunday',
        name: 'Deployments',
        monitors: ['checkout-api'],
        schedule: {
          repeats: 'weekly',
          on: ['sun'],
          local_time: '02:30',
          time_zone: 'Europe/Berlin',
          duration_s: 3_600,
          from_at: null,
          until_at: null,
        },
      },
      {
        account_id: 'default',
        key: 'upgrade',
        name: 'Upgrade',
        monitors: null,
        schedule: {
          repeats: 'once',
          starts_at: Date.parse('2026-01-18T02:00:00Z'),
          ends_at: Date.parse('2026-01-18T04:00:00Z'),
        },
      },
    ]);
  });

  it('may use anchors and aliases', () => {
    const { monitors } = fileOf(`
monitors:
  - { key: a, name: A, url: "https://a.example.com/", expect: &usual { status: ["204"] } }
  - { key: b, name: B, url: "https://b.example.com/", expect: *usual }
`);
    expect(monitors.map(({ definition }) => definition)).toMatchObject([
      { expect: { status: ['204'] } },
      { expect: { status: ['204'] } },
    ]);
  });

  it('may have no monitors, if it says so', () => {
    expect(fileOf('monitors: []')).toEqual({ monitors: [], maintenance_windows: [] });
  });

  it('tells all of its faults at once, each with its line', () => {
    const text = `monitors:
  - key: Checkout
    account: a b
    name: Checkout
    url: ftp://example.com/
    severty: critical
    expect:
      json:
        $.a.b: 1
        "nonsense.x": 2
  - key: second
    name: Second
    url: https://example.com/
    timeout_ms: 0
  - just text
  - key: fourth
    url: https://example.com/
maintenance_windows:
  - key: sunday
    name: Sunday
    repeats: weekly
    on: [sunday]
    local_time: 2:30
    time_zone: Berlin
    duration_s: 3600
    monitors: second
others: 1
`;
    expect(faultsOf(text).map((fault) => fault.replace(/ (must|is) .*/, ' $1 …'))).toEqual([
      'line 2: monitors[0]: key must …',
      'line 3: monitors[0]: account must …',
      'line 5: monitors[0]: url must …',
      'line 6: monitors[0]: severty is …',
      'line 10: monitors[0]: expect.json.nonsense.x is …',
      'line 14: monitors[1]: timeout_ms must …',
      'line 15: monitors[2]: It must …',
      'line 16: monitors[3]: name is …',
      'line 22: maintenance_windows[0]: on must …',
      'line 23: maintenance_windows[0]: local_time must …',
      'line 24: maintenance_windows[0]: time_zone must …',
      'line 26: maintenance_windows[0]: monitors must …',
      'line 27: others is …',
    ]);
  });

  it.each([
    ['is empty', '', 'line 1: The file must be an object with the list monitors, which may be empty'],
    ['holds a comment only', '# nothing', 'line 1: The file must be'],
    ['is a list', '- key: a', 'line 1: The file must be'],
    ['is text', 'monitors', 'line 1: The file must be'],
    ['has no monitors', 'maintenance_windows: []', 'line 1: monitors is missing; it may be empty: []'],
    ['has no list', 'monitors: none', 'line 1: monitors must be a list'],
    ['is no YAML', 'monitors: []\nothers: "open', 'line 2: '],
    ['has a field twice', 'monitors: []\nmonitors: []', 'line 2: Map keys must be unique'],
    ['has an alias for nothing', 'monitors: [*nothing]', 'line 1: '],
    ['is several documents', 'monitors: []\n---\nmonitors: []', 'line 2: '],
    ['has a monitor in itself', 'monitors: &all\n  - *all', 'line 2: monitors[0]: It must be an object'],
    [
      'has a key twice',
      'monitors:\n- {key: a, name: A, url: "https://a.example.com"}\n- {key: a, name: A, url: "https://a.example.com"}',
      'line 3: monitors[1]: key is there twice in this account',
    ],
    [
      'has a window for a monitor of another account',
      `monitors:
- {key: a, account: acme, name: A, url: "https://a.example.com"}
maintenance_windows:
- {key: w, name: W, monitors: [a], starts_at: "2026-01-18T02:00:00Z", ends_at: "2026-01-18T03:00:00Z"}`,
      'line 4: maintenance_windows[0]: monitors names no monitor of its account: a',
    ],
    [
      'copies a redacted header',
      'monitors:\n- {key: a, name: A, url: "https://a.example.com", headers: {x-key: "[redacted]"}}',
      'line 2: monitors[0]: headers.x-key is redacted, and there is no such header to keep',
    ],
  ])('that %s is refused', (_, text, beginning) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${beginning.replace(/[[\]]/g, '\\$&')}`));
  });

  it('whose aliases multiply is refused before it fills the memory', () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      return `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`).join(',')}]`;
    });
    const faults = faultsOf(['monitors: []', 'l0: &l0 [x]', ...levels].join('\n'));
    expect(faults).toEqual([expect.stringContaining('alias')]);
  });

  it('cannot lead into the private network', () => {
    const text = 'monitors:\n- {key: a, name: A, url: "http://169.254.169.254/latest"}';
    expect(faultsOf(text, { addresses: publicAddress })).toEqual([
      'line 2: monitors[0]: url leads to an address that monitors may not dial (link-local, RFC 3927)',
    ]);
  });

  it('names a variable that the environment lacks, and tells no value', () => {
    const monitor = (headers: string): string =>
      `monitors:\n- {key: a, name: A, url: "https://a.example.com", headers: {${headers}}}`;
    expect(faultsOf(monitor('x-key: "${NOBODY}", x-other: "${EMPTY}"'))).toEqual([
      'line 2: monitors[0]: headers.x-key names NOBODY, which the environment lacks',
      'line 2: monitors[0]: headers.x-other names EMPTY, which the environment lacks',
    ]);
    const context = { environment: { API_TOKEN: 'secret\n' } };
    const faults = faultsOf(monitor('x-key: "${API_TOKEN}"'), context);
    expect(faults).toEqual([expect.stringMatching(/headers\.x-key must be the text of a header/)]);
    expect(faults.join()).not.toContain('secret');
  });

  it('may hold a lone dollar sign, and leaves other fields alone', () => {
    const { monitors } = fileOf(`
monitors:
  - key: a
    name: \${API_TOKEN}
    url: https://a.example.com/
    headers: { x-price: $5 and $API_TOKEN }
`);
    expect(monitors[0]!.definition).toMatchObject({
      name: '${API_TOKEN}',
      headers: { 'x-price': '$5 and $API_TOKEN' },
    });
  });

  it('with a thousand faults tells a hundred, and how many more there are', () => {
    const faults = faultsOf(`monitors: [${Array(1_000).fill('1').join()}]`);
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toBe('and 900 more');
  });
});
