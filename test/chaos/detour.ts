import type { TcpProxy } from '../harness/tcp-proxy';

/** Turns a database's URL into one that leads through a proxy to the same server. */
export function detourOf(proxy: TcpProxy): (databaseUrl: string) => string {
  return (databaseUrl) => {
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${proxy.port}`;
    return url.href;
  };
}
