import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { ACCOUNT_ID } from '../../normalization/account-id';
import { REPORT_WINDOWS, type ReportWindow } from '../model/report';

const WINDOWS = Object.keys(REPORT_WINDOWS) as ReportWindow[];

/** The formats of a report. */
export const FORMATS = ['json', 'md', 'html', 'csv'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** What `GET /reports/vendors` can be asked for. */
export class VendorReportQuery {
  @ApiPropertyOptional({ enum: WINDOWS, default: '7d', description: 'How far back' })
  @IsIn(WINDOWS, { message: `window must be one of ${WINDOWS.join(', ')}` })
  window: ReportWindow = '7d';
}

/** What `GET /reports/slo` can be asked for. */
export class SloReportQuery extends VendorReportQuery {
  @ApiPropertyOptional({ enum: FORMATS, default: 'json' })
  @IsIn(FORMATS, { message: `format must be one of ${FORMATS.join(', ')}` })
  format: ReportFormat = 'json';

  @ApiPropertyOptional({
    description: 'Without it the account of the key, or for operators all of them',
    example: 'acme',
  })
  @IsOptional()
  @Matches(ACCOUNT_ID, { message: 'account_id is not an account id' })
  account_id?: string;
}
