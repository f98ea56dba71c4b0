import { Module } from '@nestjs/common';
import { AiController } from './ai.controller';

/** Help for the people who read incidents. */
@Module({ controllers: [AiController] })
export class AiModule {}
