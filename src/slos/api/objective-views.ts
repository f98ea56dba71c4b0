import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DefinitionFault } from '../../http/definition/definition-fields';
import { DefinitionFaultView } from '../../http/definition/refused-definition';
import { BOUNDS_MS } from '../model/histogram';
import { CACHE_STATES, OBJECTIVE_KINDS, OBJECTIVE_WINDOWS, type Objective } from '../model/objective';
import { MAX_OWN_OBJECTIVES } from '../model/own-objectives';
import type { OwnObjectives } from '../storage/account-objectives.repository';

const OWN_KINDS = OBJECTIVE_KINDS.filter((kind) => kind !== 'vendor');

/** An objective as an account sets it; fields of other kinds than its own are left out. */
export class ObjectiveView {
  @ApiProperty({ example: 'checkout' })
  id!: string;

  @ApiProperty({ example: 'Our posts are answered' })
  name!: string;

  @ApiProperty({ enum: OWN_KINDS, example: 'availability' })
  kind!: string;

  @ApiProperty({ description: 'The part that has to be good', example: 0.999 })
  objective!: number;

  @ApiProperty({ enum: Object.keys(OBJECTIVE_WINDOWS), example: '30d' })
  window!: string;

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'Null for all',
    example: ['POST /events'],
  })
  routes?: readonly string[] | null;

  @ApiPropertyOptional({ enum: CACHE_STATES, nullable: true, type: String, example: 'hit' })
  cache?: string | null;

  @ApiPropertyOptional({ example: 'events' })
  queue?: string;

  @ApiPropertyOptional({ enum: BOUNDS_MS, type: Number, example: 200 })
  below_ms?: number;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Its id; null for each',
    example: 'k3hq9zbtmxo0cv5u',
  })
  monitor?: string | null;
}

/** What can be sent of one: with the id of a default only what is different. */
export class ObjectiveBody extends ObjectiveView {}

/** The objectives that an account has set for itself. */
export class OwnObjectivesView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ description: 'Rises with every change', example: 3 })
  version!: number;

  @ApiProperty({ type: [ObjectiveView] })
  objectives!: ObjectiveView[];

  @ApiProperty({ type: [DefinitionFaultView], description: 'What is doubtful about them' })
  warnings!: DefinitionFault[];
}

/** All objectives of an account. */
export class ReplaceObjectivesBody {
  @ApiPropertyOptional({
    description: 'Without it the account of the caller, else `default`',
    example: 'acme',
  })
  account_id?: string;

  @ApiPropertyOptional({
    description: 'That of what was read: refused where it was changed since',
    example: 3,
  })
  version?: number;

  @ApiProperty({ type: [ObjectiveBody], maxItems: MAX_OWN_OBJECTIVES })
  objectives!: ObjectiveBody[];
}

export function ownObjectivesView(
  { account_id, version, objectives }: OwnObjectives,
  warnings: readonly DefinitionFault[],
): OwnObjectivesView {
  return { account_id, version, objectives: objectives.map(objectiveView), warnings: [...warnings] };
}

function objectiveView({ account_id: _, ...objective }: Objective): ObjectiveView {
  return objective;
}
