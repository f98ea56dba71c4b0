import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '../config/version';
import { ErrorBody } from './api-error';
import { NEED_EXTENSION } from './need';
import { BEARER_SCHEME } from './openapi-access';
import { completeDocument } from './openapi-completion';

const DESCRIPTION = `What is broken now, for whom, since when, and whether the page was delivered.

Every error answer has one shape; its \`code\` is for programs, its \`requestId\` is that of the answer's
\`x-request-id\` header and of the log. A request may bring an \`x-request-id\` of its own.

Where \`ADMIN_TOKEN\` is set, requests need a credential: \`Authorization: Bearer\` with it or with a key of an account.
Each operation says in \`${NEED_EXTENSION}\` which scope it needs.`;

/** The OpenAPI document of an application. */
export function apiDocumentOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Signalbox')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .addBearerAuth({ type: 'http', description: 'ADMIN_TOKEN, or a key of an account' }, BEARER_SCHEME)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config, { extraModels: [ErrorBody] }));
}

/** Serves the OpenAPI document at /docs-json, and a page to read and try it at /docs. */
export function describeApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => apiDocumentOf(app));
}
