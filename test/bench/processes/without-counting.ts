import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What of the built service is replaced. */
interface ObserverModule {
  readonly RequestObserver: { readonly prototype: { onModuleInit(): void } };
}

/**
 * Loaded into a service before anything else (`--require`): nobody observes its requests, so that none is counted. The
 * service itself has no such switch.
 */
const observer = createRequire(__filename)(
  join(__dirname, '..', '..', 'http', 'request-observer.js'),
) as ObserverModule;
observer.RequestObserver.prototype.onModuleInit = () => undefined;
