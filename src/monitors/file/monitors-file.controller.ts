import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../accounts/needs';
import { InvalidFileError } from '../../definition-files/invalid-file';
import { ApiError } from '../../http/api-error';
import { ApiFailure } from '../../http/api-failure';
import { MonitorsFileSync } from './monitors-file-sync';
import { PlanView } from './plan-view';

const NOT_SET = 'MONITORS_FILE is not set.';
const INVALID = 'line 3: monitors[0]: url is missing';

/** The file of monitors, as the process that is asked reads it. */
@ApiTags('monitors')
@Controller('monitors-file')
@Needs('admin')
export class MonitorsFileController {
  constructor(private readonly sync: MonitorsFileSync) {}

  @Get('plan')
  @ApiOperation({ summary: 'The difference between MONITORS_FILE and what there is' })
  @ApiOkResponse({ type: PlanView })
  @ApiFailure(404, { no_monitors_file: NOT_SET })
  @ApiFailure(409, { invalid_monitors_file: INVALID })
  plan(): Promise<PlanView> {
    return this.answer(() => this.sync.plan());
  }

  @Post('apply')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Makes it as MONITORS_FILE says',
    description: 'Answers what was done. Nothing is where the file has a fault.',
  })
  @ApiOkResponse({ type: PlanView })
  @ApiFailure(404, { no_monitors_file: NOT_SET })
  @ApiFailure(409, { invalid_monitors_file: INVALID })
  apply(): Promise<PlanView> {
    return this.answer(() => this.sync.apply());
  }

  private async answer(work: () => Promise<PlanView>): Promise<PlanView> {
    if (!this.sync.isConfigured) throw new ApiError(404, 'no_monitors_file', NOT_SET);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      throw new ApiError(409, 'invalid_monitors_file', error.faults.join('\n'), { cause: error });
    }
  }
}
