import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ErrorBody } from '../http/api-error';
import type { PageFailureCode } from './page-failure';
import type { FailedPage, PageOutcome, ReadPage, RecordedCounts } from './page-outcome';

/** A page that could not be read. */
export class PullError {
  @ApiProperty({ example: 'braze' })
  readonly page!: string;

  @ApiProperty({ example: 'braze_status' })
  readonly source!: string;

  @ApiProperty({
    description: 'One of a closed set of words, for programs',
    example: 'not_json',
    type: String,
  })
  readonly code!: PageFailureCode;

  @ApiProperty({
    description: 'What was found, and what to look at',
    example:
      'https://www.brazestatus.com/api/v2/summary.json answered with text/html: not valid JSON. ' +
      'This is no JSON, but perhaps a login or an error page. ' +
      'The page has probably moved: open its URL in a browser and correct the setting.',
  })
  readonly message!: string;
}

/** Answer of `POST /ingest/pull-status`. */
export class PullAnswer implements RecordedCounts {
  @ApiProperty({
    description:
      'Signals normalized from each page that was read; of an unchanged page, those of the last time',
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { spreedly: 1, braze: 1 },
  })
  readonly fetched!: Readonly<Record<string, number>>;

  @ApiProperty({ description: 'New events', example: 2 })
  readonly stored!: number;

  @ApiProperty({ description: 'Events that got a trigger', example: 1 })
  readonly routed!: number;

  @ApiProperty({ description: 'Known events that changed and stay open', example: 0 })
  readonly updated!: number;

  @ApiProperty({ description: 'Known events that ended', example: 0 })
  readonly resolved!: number;

  @ApiPropertyOptional({ type: [PullError], description: 'Pages that could not be read, if any' })
  readonly errors?: readonly PullError[];

  @ApiPropertyOptional({
    description: 'Where there is nothing to read',
    example:
      'No status page has a URL: set SPREEDLY_STATUS_SUMMARY_URL, BRAZE_STATUS_SUMMARY_URL or STATUS_PAGES.',
  })
  readonly warning?: string;
}

/** The error answer where no page at all could be read. */
export class AllPagesFailed extends ErrorBody {
  @ApiProperty({ example: 'No status page could be read.' })
  declare message: string;

  @ApiProperty({ example: 'all_pages_failed' })
  declare code: string;

  @ApiProperty({ type: [PullError] })
  readonly errors!: readonly PullError[];
}

/** The pages that failed, as the answer names them. */
export function errorsIn(outcomes: readonly PageOutcome[]): readonly PullError[] {
  return outcomes
    .filter((outcome): outcome is FailedPage => outcome.outcome === 'failed')
    .map(({ page, source, code, message }) => ({ page, source, code, message }));
}

/** Sums up a poll. */
export function answerOf(outcomes: readonly PageOutcome[]): PullAnswer {
  const read = outcomes.filter((outcome): outcome is ReadPage => outcome.outcome !== 'failed');
  const errors = errorsIn(outcomes);
  const sum = (count: keyof RecordedCounts): number => read.reduce((total, page) => total + page[count], 0);
  return {
    fetched: Object.fromEntries(read.map(({ page, signals }) => [page, signals])),
    stored: sum('stored'),
    routed: sum('routed'),
    updated: sum('updated'),
    resolved: sum('resolved'),
    ...(errors.length > 0 && { errors }),
    ...(outcomes.length === 0 && { warning: NOTHING_TO_READ }),
  };
}

const NOTHING_TO_READ =
  'No status page has a URL: set SPREEDLY_STATUS_SUMMARY_URL, BRAZE_STATUS_SUMMARY_URL or STATUS_PAGES.';
