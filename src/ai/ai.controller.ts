import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Needs } from '../accounts/needs';
import { ApiFailure } from '../http/api-failure';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { summarize } from './summarize';
import { SummarizeRequest } from './summarize-request';
import { SummaryAnswer } from './summary-answer';

@ApiTags('ai')
@Controller('ai')
@Needs('read')
export class AiController {
  @Post('summarize')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sum up a text about an incident and suggest a severity',
    description: 'A deterministic stub that looks for words, where a real model would stand.',
  })
  @ApiResponse({ status: 200, type: SummaryAnswer, description: 'The summary.' })
  @ApiFailure(400, { invalid_request: 'text must not be blank' })
  summarize(@Body() { text }: SummarizeRequest): SummaryAnswer {
    return summarize(text);
  }
}
