import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS } from '../../src/slos/model/alerts';
import { describeWith } from '../harness/servers';
import { startService, stopServices } from '../harness/service';
import { temporaryFolder } from '../harness/temporary-folder';
import { ROOT } from '../project/deployment-files';
import { ALERT_CASES, type Series } from './alert-cases';
import { evaluationOrder, metricsIn, panels, rules, RULES } from './prometheus-files';
import { promtool } from './promtool';
import { Scrape } from './scrape';

/** Minutes after which a case is looked at, and after how many it is a long one. */
const DEFAULT_AT = 30;
const LONG = 240;

const alerts = rules.filter(({ alert }) => alert !== undefined);
const recorded = new Set(rules.map(({ record }) => record));

/** The family that a sample belongs to, among those that are exported. */
function familyOf(name: string, families: ReadonlySet<string>): string | undefined {
  const histogram = name.replace(/_(bucket|sum|count)$/, '');
  return [name, histogram].find((one) => families.has(one));
}

describe('rules and dashboards', () => {
  let exported: ReadonlySet<string>;
  beforeAll(async () => {
    exported = (await Scrape.of(await startService())).families;
  });
  afterAll(stopServices);

  it('name only metrics that a running service exports, or that are recorded from them', () => {
    const named = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    const metrics = new Set(named.flatMap(metricsIn));
    expect(metrics.size).toBeGreaterThan(40);
    // Prometheus' own.
    const known = (name: string): boolean =>
      name === 'up' || recorded.has(name) || familyOf(name, exported) !== undefined;
    expect([...metrics].filter((name) => !known(name))).toEqual([]);
  });

  it('are all told of in docs/metrics.md: every metric', () => {
    const text = readFileSync(join(ROOT, 'docs', 'metrics.md'), 'utf8');
    const own = [...exported].filter((name) => !/^(nodejs_|process_(?!role|is_leader))/.test(name));
    expect(own.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
  });

  it('are there, all that docs/metrics.md tells of', () => {
    const text = readFileSync(join(ROOT, 'docs', 'metrics.md'), 'utf8');
    const told = [...text.matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name as string);
    expect(told.length).toBeGreaterThan(50);
    expect(told.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('record under names of level, metric and operation', () => {
    const names = rules.flatMap(({ record = [] }) => record);
    expect(names.filter((name) => !/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/.test(name))).toEqual([]);
  });

  it('show something in every panel, in a unit, from the data source that is provided', () => {
    for (const { title, targets = [], datasource, fieldConfig } of panels) {
      expect([title, datasource?.uid, targets.length > 0]).toEqual([title, 'prometheus', true]);
      const unit = expect.stringMatching(/^(short|s|bytes|percentunit|ops|reqps)$/) as string;
      expect([title, fieldConfig?.defaults.unit]).toEqual([title, unit]);
    }
  });
});

describe('every alert', () => {
  const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');

  it('has a severity, a sentence, and its section in the runbook', () => {
    for (const { alert = '', labels, annotations } of alerts) {
      expect([alert, labels?.['severity']]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      expect([alert, annotations?.['summary']]).toEqual([alert, expect.stringMatching(/\.$/)]);
      expect(annotations?.['runbook']).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      expect([alert, runbook.includes(`\n### ${alert}\n`)]).toEqual([alert, true]);
    }
  });

  it('that is built in has its section too', () => {
    expect(Object.keys(ALERTS).filter((name) => !runbook.includes(`\n### ${name}\n`))).toEqual([]);
  });

  it('has a case in which it fires, and one in which it does not', () => {
    expect(Object.keys(ALERT_CASES)).toEqual(alerts.map(({ alert }) => alert));
  });
});

describeWith({ promtool: true }, 'promtool', () => {
  const files = ['recording.yml', 'alerts.yml'].map((file) => join(RULES, file));

  it('accepts the rules', async () => {
    await promtool('check', 'rules', ...files);
  });

  it('accepts the configuration', async () => {
    const folder = temporaryFolder();
    const text = readFileSync(join(ROOT, 'deploy', 'prometheus', 'prometheus.yml'), 'utf8');
    writeFileSync(join(folder, 'token'), '');
    const here = text
      .replace('/tmp/metrics-token', join(folder, 'token'))
      .replace('rules/*.yml', `${RULES}/*.yml`);
    writeFileSync(join(folder, 'prometheus.yml'), here);
    await promtool('check', 'config', join(folder, 'prometheus.yml'));
  });

  // Rules are evaluated all the time; so often is enough here.
  it.each([
    ['minutes', '3m', (at: number) => at <= LONG],
    ['days', '30m', (at: number) => at > LONG],
  ])(
    'sees every alert that looks at %s fire when it should, and not otherwise',
    async (_, interval, isIn) => {
      const path = join(temporaryFolder(), 'alerts.test.yml');
      const tests = alerts
        .filter(({ alert = '' }) => isIn(ALERT_CASES[alert]?.at ?? DEFAULT_AT))
        .flatMap(testsOf);
      expect(tests).not.toEqual([]);
      const common = { rule_files: files, evaluation_interval: interval };
      // Without an order promtool takes any, and an alert then looks at what was recorded half an hour ago: at nothing.
      writeFileSync(path, JSON.stringify({ ...common, group_eval_order: evaluationOrder, tests }));
      await promtool('test', 'rules', path);
    },
  );
});

/** An alert's two tests, in promtool's words. */
function testsOf({ alert = '', labels = {}, annotations = {} }: (typeof rules)[number]): object[] {
  const {
    firing,
    quiet,
    at = DEFAULT_AT,
    step = 1,
    labels: own,
  } = ALERT_CASES[alert] as (typeof ALERT_CASES)[string];
  const expected = { exp_labels: { ...labels, ...own }, exp_annotations: annotations };
  const test = (kind: string, series: Series, exp_alerts: readonly object[]): object => ({
    name: `${alert} ${kind}`,
    interval: `${step}m`,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: `${at}m`, alertname: alert, exp_alerts }],
  });
  return [test('fires', firing, [expected]), test('does not fire', quiet, [])];
}
