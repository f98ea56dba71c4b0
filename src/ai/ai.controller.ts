import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { summarize } from './summarize';
import { SummarizeRequest } from './summarize-request';
import { SummaryAnswer } from './summary-answer';

@ApiTags('ai')
@Controller('ai')
export class AiController {
  @Post('summarize')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sum up a text about an incident and suggest a severity',
    description: 'A deterministic stub that looks for words, where a real model would stand.',
  })
  @ApiResponse({ status: 200, type: SummaryAnswer, description: 'The summary.' })
  @ApiResponse({ status: 400, description: '`text` is missing, blank, no string, or too long.' })
  summarize(@Body() { text }: SummarizeRequest): SummaryAnswer {
    return summarize(text);
  }
}
