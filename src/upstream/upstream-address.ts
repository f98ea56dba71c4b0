import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import { ApiError } from '../http/api-error';
import { fixtureData } from './built-in/server-data';
import { UpstreamServer } from './built-in/upstream-server';

export const NOT_CONFIGURED = 'UPSTREAM_API_URL is not set.';

/** Knows where the upstream API is. Without a URL it is a built-in server, which starts when it is first needed. */
@Injectable()
export class UpstreamAddress implements OnApplicationShutdown {
  private server: Promise<UpstreamServer> | undefined;

  constructor(private readonly settings: Settings) {}

  /**
   * The URL that paths of the API are put behind.
   *
   * @throws ApiError 503 in production without a URL: made-up users are no answer there
   */
  async baseUrl(): Promise<string> {
    const { UPSTREAM_API_URL, isProduction } = this.settings;
    if (UPSTREAM_API_URL !== undefined) return UPSTREAM_API_URL;
    if (isProduction) throw new ApiError(503, 'upstream_not_configured', NOT_CONFIGURED);
    this.server ??= UpstreamServer.start({ data: fixtureData() });
    return (await this.server).url;
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.server)?.stop();
  }
}

/** A path behind the base URL; a query of the base URL stays. */
export function upstreamUrl(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  return url.href;
}
