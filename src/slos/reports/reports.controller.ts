import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { accountOf, Caller, type CallerIdentity } from '../../accounts/caller';
import { Needs } from '../../accounts/needs';
import { Database } from '../../database/database';
import { ApiFailure } from '../../http/api-failure';
import type { SloReport } from '../model/report';
import { csvOf } from '../model/report-csv';
import { documentOf } from '../model/report-document';
import { htmlOf } from '../model/report-html';
import { markdownOf } from '../model/report-markdown';
import { Reports } from './reports';
import { sloReportView, SloReportView, VendorReportView, vendorView } from './report-views';
import { SloReportQuery, VendorReportQuery, type ReportFormat } from './reports.query';

const TYPES: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

const WRITERS: Readonly<Record<ReportFormat, (report: SloReport) => string>> = {
  json: (report) => JSON.stringify(sloReportView(report)),
  md: (report) => markdownOf(documentOf(report)),
  html: (report) => htmlOf(documentOf(report)),
  csv: csvOf,
};

const NO_STORE = ['cache-control', 'no-store'] as const;

/** What people hand on. */
@ApiTags('slos')
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly database: Database,
    private readonly reports: Reports,
  ) {}

  @Get('slo')
  @Needs('read')
  @Header(...NO_STORE)
  @ApiOperation({
    summary: 'The report on objectives',
    description:
      'Targets, actuals, what was met and missed, budget spent, the change against the window before, incidents with ' +
      'their causes, time to restore and time to page. Of more than 200 monitors those that were down.',
  })
  @ApiExtraModels(SloReportView)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(SloReportView) } },
      'text/markdown': { schema: { type: 'string' } },
      'text/html': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiFailure(400, { invalid_request: 'window must be one of 7d, 30d' })
  async slo(
    @Query() { window, format, account_id }: SloReportQuery,
    @Caller() caller: CallerIdentity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const report = await this.reports.slos(window, await this.database.now(), accountOf(caller, account_id));
    void reply.header('content-type', TYPES[format]);
    if (format === 'csv')
      void reply.header('content-disposition', `attachment; filename="slo-${window}.csv"`);
    return WRITERS[format](report);
  }

  @Get('vendors')
  @Needs('admin')
  @Header(...NO_STORE)
  @ApiOperation({
    summary: "What vendors' status pages were worth",
    description:
      'When there was first evidence of a trouble (monitors, failed payments, tenants’ events about a service of the ' +
      'vendor’s name), when the page first said so, and when each said that it was over.',
  })
  @ApiOkResponse({ type: VendorReportView })
  @ApiFailure(400, { invalid_request: 'window must be one of 7d, 30d' })
  async vendors(@Query() { window }: VendorReportQuery): Promise<VendorReportView> {
    const reports = await this.reports.ofVendors(window, await this.database.now());
    return { vendors: reports.map(vendorView) };
  }
}
