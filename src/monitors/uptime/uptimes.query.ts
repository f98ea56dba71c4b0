import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { AccountFilterQuery } from '../../accounts/account-filter.query';

/** So many monitors can be asked for at once: each may bring some 260 roll-ups. */
export const MOST_MONITORS = 25;

const IDS = new RegExp(`^[a-z0-9]{16}(?:,[a-z0-9]{16}){0,${MOST_MONITORS - 1}}$`);

/** What `GET /uptimes` can be asked for. */
export class UptimesQuery extends AccountFilterQuery {
  @ApiProperty({ description: 'Ids of monitors, with commas between', example: 'k3hq9zbtmxo0cv5u' })
  @Matches(IDS, { message: `monitor_ids must be 1 to ${MOST_MONITORS} ids with commas between` })
  monitor_ids!: string;
}
