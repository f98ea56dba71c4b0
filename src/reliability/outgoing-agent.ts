import { Agent, type Dispatcher } from 'undici';
import type { AddressRule } from './address-guard';
import { Exchange } from './exchange';
import { outgoingConnector } from './outgoing-connector';

/**
 * undici's agent, told about exchanges and addresses (outgoing-connector.ts); `isSent` is set when a request goes out.
 * All time limits are the exchange's.
 *
 * @param maxConnections per origin; requests beyond wait, within their own time
 */
export function outgoingAgent(maxConnections: number, addresses: AddressRule): Agent {
  const connect = outgoingConnector({ addresses });
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
