import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { WINDOWS, type SummaryWindow } from './summary-window';

/** What `GET /accounts/:id/summary` can be asked for. */
export class SummaryQuery {
  @ApiPropertyOptional({ enum: WINDOWS, default: '24h', description: 'How far back, by `received_at`' })
  @IsIn(WINDOWS, { message: `window must be one of ${WINDOWS.join(', ')}` })
  window: SummaryWindow = '24h';
}
