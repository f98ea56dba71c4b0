import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Settings } from '../config/settings';
import { specialRange } from './address-ranges';
import { ExchangeFault } from './failure-reason';

/** Why an address must not be dialled, or null where it may. */
export type AddressRule = (address: string) => string | null;

/** Finds all addresses of a host. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** For URLs that the operator has set. */
export const anyAddress: AddressRule = () => null;

/** For URLs that users have set, who have no business in the operator's network. */
export const publicAddress: AddressRule = specialRange;

/** What addresses may be dialled for the URLs that users set: monitors, webhooks. */
export function userTargets({ ALLOW_PRIVATE_TARGETS }: Pick<Settings, 'ALLOW_PRIVATE_TARGETS'>): AddressRule {
  return ALLOW_PRIVATE_TARGETS ? anyAddress : publicAddress;
}

/** A connection was not opened because the rule refuses every address it could go to. */
export class AddressRefusedFault extends ExchangeFault {
  /** @param refusal what the rule said; the address itself would tell users about the operator's names */
  constructor(readonly refusal: string) {
    super('address_refused', `address refused (${refusal})`);
  }
}

/**
 * Judges a URL's host as far as it is an address. A name is judged when it is dialled, and each time anew: what
 * it stands for is in somebody else's hands.
 *
 * @param hostname of a parsed URL or of a connector, with or without brackets
 */
export function refusalOfHost(hostname: string, rule: AddressRule): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? null : rule(address);
}

/**
 * A lookup for net.connect that hands on only what the rule allows. The socket dials what it gets from here and
 * asks nobody again, so there is no moment in which a name could come to mean another address. Hosts that are
 * addresses are never looked up: see refusalOfHost.
 */
export function guardedLookup(rule: AddressRule, resolve: Resolve = resolveBySystem): LookupFunction {
  return (hostname, options, callback) => {
    const give = (addresses: readonly LookupAddress[]): void => {
      const allowed = addresses.filter(({ address }) => rule(address) === null);
      const [first] = allowed;
      if (first !== undefined) return answer(callback, options, first, allowed);
      const refusal = addresses.map(({ address }) => rule(address)).find((reason) => reason !== null);
      callback(new AddressRefusedFault(refusal ?? 'no address'), '', 0);
    };
    resolve(hostname).then(give, (error: unknown) => callback(error as Error, '', 0));
  };
}

function answer(
  callback: Parameters<LookupFunction>[2],
  options: LookupOptions,
  first: LookupAddress,
  allowed: LookupAddress[],
): void {
  if (options.all === true) callback(null, allowed);
  else callback(null, first.address, first.family);
}

/** As the operating system resolves names: hosts file, DNS and whatever else it is set up to ask. */
export function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}
