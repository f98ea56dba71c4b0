import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottleGuard } from '../http/throttle.guard';
import { Access } from './access';

/** The documentation's routes, its files included, as the router knows them. */
const PAGES = /^\/docs(?:$|[-/])/;

/** Guards the API's documentation, whose routes are the Swagger module's own: Nest's guards do not see them. */
export function guardPages(app: NestFastifyApplication): void {
  const access = app.get(Access);
  const throttle = app.get(ThrottleGuard);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (!PAGES.test(request.routeOptions.url ?? '')) return;
      await throttle.count(request, reply);
      await access.admit(request, reply, 'docs');
    });
}
