import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '../config/version';
import { ErrorBody } from './api-error';
import { completeDocument } from './openapi-completion';

const DESCRIPTION = `What is broken now, for whom, since when, and whether the page was delivered.

Every error answer has one shape; its \`code\` is for programs, its \`requestId\` is that of the answer's
\`x-request-id\` header and of the log. A request may bring an \`x-request-id\` of its own.`;

/** Serves the OpenAPI document at /docs-json, and a page to read and try it at /docs. */
export function describeApi(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Signalbox')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .build();
  const options = { extraModels: [ErrorBody] };
  SwaggerModule.setup('docs', app, () =>
    completeDocument(SwaggerModule.createDocument(app, config, options)),
  );
}
