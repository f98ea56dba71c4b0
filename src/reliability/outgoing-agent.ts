import { Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { Exchange } from './exchange';
import { ExchangeFault } from './failure-reason';

/** A backstop only: the exchange that opens a connection ends it with its own time. */
const CONNECT_TIMEOUT_MS = 120_000;

/**
 * undici's agent, told about exchanges: connections that are being opened for an exchange go when it is
 * interrupted, and `isSent` is set when a request goes out. All time limits are the exchange's.
 *
 * @param maxConnections per origin; requests beyond wait, within their own time
 */
export function outgoingAgent(maxConnections: number): Agent {
  const open = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  const connect: buildConnector.connector = (options, callback) => {
    const signal = Exchange.current?.signal;
    const giveUp = (): void => {
      // undici's connector returns the socket, although its types do not say so; else the backstop ends it.
      if (!(socket instanceof Socket)) return;
      socket.destroy(new ExchangeFault('unreachable', 'given up while connecting'));
    };
    const socket: unknown = open(options, (...outcome) => {
      signal?.removeEventListener('abort', giveUp);
      callback(...outcome);
    });
    signal?.addEventListener('abort', giveUp);
  };
  return new Agent({ connections: maxConnections, connect, headersTimeout: 0, bodyTimeout: 0 });
}

/** Sets `isSent` of the exchange that dispatches, when its request is handed to an open connection. */
export const noteSending: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const exchange = Exchange.current;
  return dispatch(options, {
    onRequestStart: (controller, context) => {
      if (exchange !== undefined) exchange.isSent = true;
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  });
};
