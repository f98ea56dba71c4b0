import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../project/deployment-files';

export const RULES = join(ROOT, 'deploy', 'prometheus', 'rules');
const DASHBOARDS = join(ROOT, 'deploy', 'grafana', 'dashboards');

/** A rule of Prometheus: one that records, or one that alerts. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

/** Rules that are evaluated one after the other. */
interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const groups: readonly RuleGroup[] = readdirSync(RULES).flatMap((file) => {
  return (parse(readFileSync(join(RULES, file), 'utf8')) as { groups: RuleGroup[] }).groups;
});

/** Every rule of deploy/prometheus. */
export const rules: readonly Rule[] = groups.flatMap((group) => group.rules);

/** Groups by their names, those that record before those that look at what is recorded. */
export const evaluationOrder: readonly string[] = [
  ...groups.filter((group) => group.rules.every(({ alert }) => alert === undefined)),
  ...groups.filter((group) => group.rules.some(({ alert }) => alert !== undefined)),
].map(({ name }) => name);

/** Every panel of deploy/grafana that shows something. */
export const panels: readonly Panel[] = readdirSync(DASHBOARDS).flatMap((file) => {
  const board = JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as { panels: Panel[] };
  return board.panels.filter(({ type }) => type !== 'row');
});

/** Words of PromQL that stand where a metric could. Functions are known by the parenthesis behind them. */
const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'by',
  'on',
  'without',
  'ignoring',
  'group_left',
  'bool',
  'offset',
]);

/** The metrics that an expression names. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|on|without|ignoring|group_left) *\([^)]*\)/g, ' ');
  const words = [...bare.matchAll(/(?<![\w.])([A-Za-z_:][\w:]*)( *\()?/g)];
  const names = words.filter(([, , call]) => call === undefined).map(([, name = '']) => name);
  return names.filter((name) => !KEYWORDS.has(name));
}
