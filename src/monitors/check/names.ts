import { promises as dns, type LookupAddress } from 'node:dns';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveBySystem, type Resolve } from '../../reliability/address-guard';
import { within } from '../../reliability/within';
import { HostsFile } from './hosts-file';
import { LookupFault } from './lookup-fault';
import { Turns } from './turns';

/** For one question to one name server. There are two tries; the check's own time ends them all. */
const QUERY_TIMEOUT_MS = 2_000;
const TRIES = 2;

/** How long an IPv4 address waits for its IPv6 one (RFC 8305 section 3, "Resolution Delay"). */
const RESOLUTION_DELAY_MS = 50;

/** The name servers have said that there is no such name; nobody waits long for the system to say the same. */
const SECOND_OPINION_MS = 2_000;

/** getaddrinfo holds a thread of libuv's pool, of which there are four for the whole process. */
const SYSTEM_LOOKUPS = 2;

export interface NamesOptions {
  /** Instead of those that the machine is set up with; `address:port` is allowed. */
  readonly servers?: readonly string[];
  /** Instead of the machine's. */
  readonly hostsFile?: HostsFile;
  /** Instead of getaddrinfo. */
  readonly system?: Resolve;
}

/**
 * Finds a host's addresses, anew for each check. It asks the machine's name servers without the operating system
 * between: getaddrinfo holds a thread until the name server has answered or has been given up, so that a few names
 * with slow servers would stop all lookups of this process. That also tells a name that does not exist from a name
 * server that does not answer. The system is asked for what is in its hosts file, and for what the name servers do
 * not know: search domains, mDNS and whatever else it is set up to ask.
 */
export class Names {
  private readonly hostsFile: HostsFile;
  private readonly systemTurns = new Turns(SYSTEM_LOOKUPS);

  constructor(private readonly options: NamesOptions = {}) {
    this.hostsFile = options.hostsFile ?? new HostsFile();
  }

  /**
   * All addresses, those of IPv4 first.
   *
   * @throws LookupFault where there is none, or nobody answers
   */
  async resolve(hostname: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    try {
      if (await this.isSystemName(hostname)) return await this.askSystem(hostname, signal);
      return await this.askServers(hostname, signal);
    } catch (error) {
      throw new LookupFault(error);
    }
  }

  /**
   * Whether the machine's name servers answer at all. They are asked for the root's servers, which every resolver
   * knows. One that has lost those behind it answers SERVFAIL or REFUSED, and counts as dead.
   */
  async isAnswering(signal: AbortSignal): Promise<boolean> {
    const resolver = this.resolver(signal);
    try {
      await resolver.resolveNs('.');
      return true;
    } catch (error) {
      return new LookupFault(error).isAbsent;
    }
  }

  private async isSystemName(hostname: string): Promise<boolean> {
    // RFC 6761 section 6.3: never to be asked of name servers.
    return /(^|\.)localhost\.?$/i.test(hostname) || this.hostsFile.has(hostname.replace(/\.$/, ''));
  }

  private async askServers(hostname: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    const resolver = this.resolver(signal);
    try {
      return await askForBoth(resolver, hostname);
    } catch (error) {
      if (!new LookupFault(error).isAbsent) throw error;
      const opinion = within(SECOND_OPINION_MS, this.askSystem(hostname, signal));
      return await opinion.catch(() => Promise.reject(error as Error));
    }
  }

  private async askSystem(hostname: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    const ask = this.options.system ?? resolveBySystem;
    const addresses = await this.systemTurns.take(() => ask(hostname), signal);
    return addresses.toSorted((one, other) => one.family - other.family);
  }

  /** A new one each time: it reads the machine's settings when it is made. What it asks ends with the signal. */
  private resolver(signal: AbortSignal): dns.Resolver {
    const resolver = new dns.Resolver({ timeout: QUERY_TIMEOUT_MS, tries: TRIES });
    if (this.options.servers !== undefined) resolver.setServers(this.options.servers);
    signal.addEventListener('abort', () => resolver.cancel(), { once: true });
    return resolver;
  }
}

/** An address of either family will do; IPv6 is waited for only where there is nothing else. */
async function askForBoth(resolver: dns.Resolver, hostname: string): Promise<readonly LookupAddress[]> {
  const asked = hasIPv6() ? askForIPv6(resolver, hostname) : null;
  // It may fail before anybody waits for it.
  asked?.catch(() => undefined);
  const [four] = await Promise.allSettled([resolver.resolve4(hostname)]);
  if (four.status === 'fulfilled') {
    const found = four.value.map((address) => ({ address, family: 4 }));
    return asked === null ? found : [...found, ...(await inAMoment(asked))];
  }
  const [six] = await Promise.allSettled([asked ?? askForIPv6(resolver, hostname)]);
  if (six.status === 'fulfilled') return six.value;
  // That one family does not exist says little while the other could not be asked for.
  const isOpen = new LookupFault(four.reason).isAbsent && !new LookupFault(six.reason).isAbsent;
  throw isOpen ? six.reason : four.reason;
}

async function askForIPv6(resolver: dns.Resolver, hostname: string): Promise<LookupAddress[]> {
  const addresses = await resolver.resolve6(hostname);
  return addresses.map((address) => ({ address, family: 6 }));
}

async function inAMoment(asked: Promise<LookupAddress[]>): Promise<LookupAddress[]> {
  const timer = new AbortController();
  const later = sleep(RESOLUTION_DELAY_MS, [], { signal: timer.signal }).catch(() => []);
  try {
    return await Promise.race([asked.catch(() => []), later]);
  } finally {
    timer.abort();
  }
}

/** Whether this machine has an address by which IPv6 could leave it. */
function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses = []) =>
    addresses.some(
      ({ family, internal, address }) => family === 'IPv6' && !internal && !address.startsWith('fe80'),
    ),
  );
}
