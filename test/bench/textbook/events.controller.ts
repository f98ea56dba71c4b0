import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Queue } from 'bullmq';
import { CreateEventDto } from './create-event.dto';
import { JOB_OPTIONS } from './event-queue';

/** One request, one event, one job. */
@Controller()
export class EventsController {
  constructor(private readonly queue: Queue<CreateEventDto>) {}

  @Post('events')
  @HttpCode(202)
  async create(@Body() event: CreateEventDto): Promise<{ accepted: number; event_id: string }> {
    await this.queue.add('event', event, JOB_OPTIONS);
    return { accepted: 1, event_id: event.event_id };
  }

  @Get('readyz')
  ready(): { status: string } {
    return { status: 'ok' };
  }
}
