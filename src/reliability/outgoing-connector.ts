import { Socket } from 'node:net';
import { buildConnector } from 'undici';
import {
  AddressRefusedFault,
  anyAddress,
  guardedLookup,
  refusalOfHost,
  type AddressRule,
  type Resolve,
} from './address-guard';
import { Exchange } from './exchange';
import { ExchangeFault } from './failure-reason';

/** A backstop only: the exchange that opens a connection ends it with its own time. */
const CONNECT_TIMEOUT_MS = 120_000;

export interface ConnectorOptions {
  /** Which addresses may be dialled. Default: all. */
  readonly addresses?: AddressRule;
  /** How names are looked up. Default: by the system. */
  readonly resolve?: Resolve;
  /** How long one of several addresses is tried before the next. Default: Node's. */
  readonly attemptTimeoutMs?: number;
  /** Told about each socket that is being opened, before anything has happened on it. */
  readonly onSocket?: (socket: Socket) => void;
}

/**
 * undici's connector, told about exchanges and addresses: a connection that is being opened for an exchange goes
 * when that is interrupted, and none is opened to an address that the rule refuses.
 */
export function outgoingConnector(options: ConnectorOptions = {}): buildConnector.connector {
  const { addresses = anyAddress, resolve, attemptTimeoutMs } = options;
  const open = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    lookup: guardedLookup(addresses, resolve),
    ...(attemptTimeoutMs === undefined ? {} : { autoSelectFamilyAttemptTimeout: attemptTimeoutMs }),
  });
  return (target, callback) => {
    const refusal = refusalOfHost(target.hostname, addresses);
    if (refusal !== null) return void process.nextTick(callback, new AddressRefusedFault(refusal), null);
    const signal = Exchange.current?.signal;
    const giveUp = (): void => {
      // undici's connector returns the socket, although its types do not say so; else the backstop ends it.
      if (!(socket instanceof Socket)) return;
      socket.destroy(new ExchangeFault('unreachable', 'given up while connecting'));
    };
    const socket: unknown = open(target, (...outcome) => {
      signal?.removeEventListener('abort', giveUp);
      callback(...outcome);
    });
    signal?.addEventListener('abort', giveUp);
    if (socket instanceof Socket) options.onSocket?.(socket);
  };
}
