import { ApiProperty } from '@nestjs/swagger';
import { cutTo } from '../../normalization/plain-text';
import { REDACTED } from '../model/redacted-headers';
import type { FieldChange, Plan, Planned } from '../../definition-files/plan';

const ACTIONS = ['remove', 'change', 'create'] as const;
const KINDS = ['monitor', 'maintenance_window'] as const;

/** So much of a value is shown. */
const MAX_SHOWN = 80;

/** A field that is to be another way. */
export class FieldChangeView {
  @ApiProperty({ example: 'interval_s' })
  field!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'As JSON, cut; values of headers are redacted. Null where it is not there.',
    example: '60',
  })
  from!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '30' })
  to!: string | null;
}

/** Something that is not as the file says. */
export class PlannedChangeView {
  @ApiProperty({ enum: ACTIONS, example: 'change' })
  action!: (typeof ACTIONS)[number];

  @ApiProperty({ enum: KINDS, example: 'monitor' })
  kind!: (typeof KINDS)[number];

  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ description: 'Its key in the file', example: 'checkout-api' })
  key!: string;

  @ApiProperty({ example: 'Checkout API' })
  name!: string;

  @ApiProperty({ type: [FieldChangeView], description: 'What of it is to be changed' })
  fields!: FieldChangeView[];
}

/** The difference between the file and what there is. */
export class PlanView {
  @ApiProperty({ type: [PlannedChangeView] })
  changes!: PlannedChangeView[];

  @ApiProperty({ description: 'How many are as the file says', example: 12 })
  unchanged!: number;
}

/** Makes the API's form of what is to be done about monitors and windows. */
export function planView(monitors: Plan<Planned, Planned>, windows: Plan<Planned, Planned>): PlanView {
  return {
    changes: [...changesOf('monitor', monitors), ...changesOf('maintenance_window', windows)],
    unchanged: monitors.unchanged + windows.unchanged,
  };
}

function changesOf(
  kind: PlannedChangeView['kind'],
  { remove, change, create }: Plan<Planned, Planned>,
): PlannedChangeView[] {
  const view = (action: PlannedChangeView['action'], one: Planned, fields: readonly FieldChange[] = []) => ({
    action,
    kind,
    account_id: one.account_id,
    key: one.key,
    name: String(one.fields['name']),
    fields: fields.map(fieldView),
  });
  return [
    ...remove.map((one) => view('remove', one)),
    ...change.map(({ wanted, changes }) => view('change', wanted, changes)),
    ...create.map((one) => view('create', one)),
  ];
}

function fieldView({ field, from, to }: FieldChange): FieldChangeView {
  const isSecret = field.startsWith('headers.');
  const shown = (value: unknown): string | null => {
    if (value === undefined) return null;
    return isSecret ? REDACTED : cutTo(JSON.stringify(value), MAX_SHOWN);
  };
  return { field, from: shown(from), to: shown(to) };
}
