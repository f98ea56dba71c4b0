import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller';

/** The web console: one page, and the files that it loads (`serveConsoleFiles`). */
@Module({ controllers: [ConsoleController] })
export class ConsoleModule {}
