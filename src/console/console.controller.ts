import { randomBytes } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { NeedsNothing } from '../accounts/needs';
import { Settings } from '../config/settings';
import { ApiError } from '../http/api-error';
import { ConsolePage } from './console-files';
import { contentSecurityPolicy } from './content-security-policy';

const NONCE_BYTES = 16;

/**
 * The console's page, at `/` and for every path below `/console/`: which of its views that means is the page's own
 * business. No route of the API lies there, and so no wrong path of the API is ever answered with a page.
 *
 * The page holds no data: what it shows it asks the API for, with the credential of whoever looks at it.
 */
@ApiExcludeController()
@Controller()
@NeedsNothing()
@SkipThrottle()
export class ConsoleController {
  private readonly page: ConsolePage | null;

  constructor(settings: Settings) {
    this.page = ConsolePage.load({
      sign_in: settings.ADMIN_TOKEN !== undefined,
      oidc: settings.OIDC_ISSUER !== undefined,
    });
  }

  /** @throws ApiError 404 where the console has not been built */
  @Get(['', 'console', 'console/*'])
  show(@Res() reply: FastifyReply): void {
    if (this.page === null) {
      throw new ApiError(404, 'console_not_built', 'The console is not built: run npm run build.');
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    void reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(this.page.withNonce(nonce));
  }
}
