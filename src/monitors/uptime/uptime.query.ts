import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { AccountQuery } from '../../events/account.query';
import { UPTIME_WINDOWS, type UptimeWindow } from '../model/uptime';

const WINDOWS = Object.keys(UPTIME_WINDOWS) as UptimeWindow[];

/** What `GET /monitors/:id/uptime` can be asked for. */
export class UptimeQuery extends AccountQuery {
  @ApiPropertyOptional({ enum: WINDOWS, default: '24h', description: 'How far back' })
  @IsIn(WINDOWS, { message: `window must be one of ${WINDOWS.join(', ')}` })
  window: UptimeWindow = '24h';
}
