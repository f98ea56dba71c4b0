import { isIPv6, type AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** Where this process can be reached by itself. */
@Injectable()
export class OwnAddress {
  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * The URL of one of the service's own routes.
   *
   * @throws Error while the service is not listening
   */
  urlOf(path: string): string {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const address = server.address() as AddressInfo | null;
    if (address === null) throw new Error('the service is not listening yet');
    return `http://${reachable(address.address)}:${address.port}${path}`;
  }
}

/** A wildcard address stands for every address, so loopback reaches it. */
function reachable(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return isIPv6(address) ? `[${address}]` : address;
}
