import { ApiProperty } from '@nestjs/swagger';
import { iso, isoOrNull } from '../../normalization/instant';
import { BURN_BANDS, type BurnBand } from '../model/burn-band';
import {
  BURN_WINDOW_NAMES,
  OBJECTIVE_KINDS,
  OBJECTIVE_WINDOWS,
  windowMs,
  type BurnWindow,
  type Objective,
  type ObjectiveWindow,
} from '../model/objective';
import { windowUntil } from '../model/history';
import { SLO_STATES, statusOf, type SloState } from '../model/status';
import { addTallies, plainRatioOf } from '../model/tally';
import type { Evidence } from '../model/status';
import type { ObjectiveHistory } from '../reading/histories';
import { BurnRuleView } from './burn-rule-views';
import { SloSubjectView } from './slo-subject';

/** Burn rates by window; null where nothing was counted. */
export class BurnRatesView implements Record<BurnWindow, number | null> {
  @ApiProperty({ type: Number, nullable: true, example: 0 })
  '5m'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.4 })
  '30m'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.8 })
  '1h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.4 })
  '2h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.2 })
  '6h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.31 })
  '24h'!: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.35 })
  '72h'!: number | null;
}

/** An objective, and how it stands now. */
export class SloView {
  @ApiProperty({ example: 'events-availability' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for all accounts together', example: null })
  account_id!: string | null;

  @ApiProperty({ example: 'POST /events is available' })
  name!: string;

  @ApiProperty({ enum: OBJECTIVE_KINDS, example: 'availability' })
  kind!: Objective['kind'];

  @ApiProperty({ description: 'The part that has to be good', example: 0.999 })
  objective!: number;

  @ApiProperty({ enum: Object.keys(OBJECTIVE_WINDOWS), example: '30d' })
  window!: ObjectiveWindow;

  @ApiProperty({ enum: SLO_STATES, example: 'ok' })
  state!: SloState;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The part that was not bad over the window; null without data, which is neither 0 nor 1',
    example: 0.99963,
  })
  sli!: number | null;

  @ApiProperty({
    description: 'Over the window: requests, events or deliveries; of monitors and vendors minutes',
    example: 4_318_400,
  })
  good!: number;

  @ApiProperty({ description: 'Likewise', example: 1_600 })
  bad!: number;

  @ApiProperty({ description: 'Minutes of the window in which nobody looked', example: 0 })
  unseen!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Of availability: 2xx of all requests, whoever’s fault the others were. Null for other kinds',
    example: 0.9712,
  })
  plain_ratio!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The part that is known of what should be; below 1 only where minutes are counted',
    example: 1,
  })
  coverage!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: '1 is all of it; below 0 more is spent',
    example: 0.6296,
  })
  budget_left_ratio!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of full outage, at average traffic',
    example: 27.2,
  })
  budget_left_minutes!: number | null;

  @ApiProperty({ type: BurnRatesView })
  burn_rates!: Readonly<Record<BurnWindow, number | null>>;

  @ApiProperty({
    enum: BURN_BANDS,
    nullable: true,
    description: 'Of the burn rate over 1h',
    example: 'normal',
  })
  burn_band!: BurnBand | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When the budget will be spent at the burn rate over 1h; null where it outlasts the window',
    example: null,
  })
  exhausted_at!: string | null;
}

/** A page of objectives. */
export class SloListView {
  @ApiProperty({ type: [SloView] })
  slos!: SloView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For the next page; null on the last',
    example: null,
  })
  next_cursor!: string | null;
}

/** What was counted in a window. */
export class SloWindowView {
  @ApiProperty({ enum: [...BURN_WINDOW_NAMES, ...Object.keys(OBJECTIVE_WINDOWS)], example: '1h' })
  window!: string;

  @ApiProperty({ example: '2026-01-15T09:41:00.000Z' })
  from!: string;

  @ApiProperty({ example: '2026-01-15T10:41:00.000Z' })
  until!: string;

  @ApiProperty({
    description: 'Requests, events or deliveries; of monitors and vendors minutes',
    example: 5_970,
  })
  good!: number;

  @ApiProperty({ example: 30 })
  bad!: number;

  @ApiProperty({ description: 'Minutes in which nobody looked', example: 0 })
  unseen!: number;

  @ApiProperty({ type: Number, nullable: true, example: 0.995 })
  sli!: number | null;
}

/** What was left of the budget at an instant. */
export class BudgetPointView {
  @ApiProperty({ example: '2026-01-15T00:00:00.000Z' })
  at!: string;

  @ApiProperty({ type: Number, nullable: true, example: 0.7685 })
  budget_left_ratio!: number | null;
}

/** An incident that spent some of the budget. */
export class SpendingIncidentView {
  @ApiProperty({ description: 'Whose event it is', example: 'default' })
  account_id!: string;

  @ApiProperty({ example: 'monitor:k3hq9zbtmxo0cv5u:2026-01-15T10:40:07.012Z' })
  event_id!: string;

  @ApiProperty({ example: 'API is down' })
  title!: string;

  @ApiProperty({ enum: ['own', 'vendor'], example: 'own' })
  fault!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  cause!: string | null;

  @ApiProperty({ example: '2026-01-15T10:40:07.012Z' })
  started_at!: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-01-15T10:47:07.009Z' })
  resolved_at!: string | null;

  @ApiProperty({ description: 'In its minutes', example: 700 })
  bad!: number;
}

/** What was bad over the window, by whose fault. */
export class BadByFaultView {
  @ApiProperty({ example: 700 })
  own!: number;

  @ApiProperty({ example: 0 })
  vendor!: number;

  @ApiProperty({ example: 12 })
  unexplained!: number;
}

/** An objective in detail. */
export class SloDetailView extends SloView {
  @ApiProperty({ type: String, nullable: true, description: 'Of its burn band', example: 'Nothing to do.' })
  advice!: string | null;

  @ApiProperty({ type: SloSubjectView })
  subject!: SloSubjectView;

  @ApiProperty({ type: [BurnRuleView], description: 'What pages and tickets by burn rate wait for' })
  burn_rules!: BurnRuleView[];

  @ApiProperty({ type: [SloWindowView], description: 'Those of burn rates, and its own' })
  windows!: SloWindowView[];

  @ApiProperty({
    type: [BudgetPointView],
    description: 'At the end of each day of the window; of 24h of each hour',
  })
  budget_over_time!: BudgetPointView[];

  @ApiProperty({
    type: [SpendingIncidentView],
    description: 'Within the window, the most spending first; at most 100',
  })
  incidents!: SpendingIncidentView[];

  @ApiProperty({ type: BadByFaultView })
  bad_by_fault!: BadByFaultView;

  @ApiProperty({
    type: [String],
    description: 'What is doubtful about it',
    example: ['The objective is so low that the alert at 14.4 × over 1h and 5m cannot fire'],
  })
  warnings!: string[];
}

/** How an objective stands, as the API shows it. */
export function sloView(
  { objective, tallies, evidence }: ObjectiveHistory & { evidence: Evidence },
  now: number,
): SloView {
  const { exhausted_at, ...status } = statusOf(objective, evidence, now);
  const { id, account_id, name, kind, objective: share, window } = objective;
  const { from_at, until_at } = windowUntil(now, windowMs(objective));
  const ofWindow = tallies.filter(({ minute_at }) => from_at <= minute_at && minute_at < until_at);
  return {
    ...{ id, account_id, name, kind, objective: share, window },
    ...evidence.window,
    ...status,
    plain_ratio:
      kind === 'availability' ? plainRatioOf(addTallies(ofWindow.map(({ tally }) => tally))) : null,
    exhausted_at: isoOrNull(exhausted_at),
  };
}

export function windowView(
  window: string,
  span: { readonly from_at: number; readonly until_at: number },
  counts: {
    readonly good: number;
    readonly bad: number;
    readonly unseen: number;
    readonly sli: number | null;
  },
): SloWindowView {
  return { window, from: iso(span.from_at), until: iso(span.until_at), ...counts };
}
