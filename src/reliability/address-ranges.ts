import { isIP } from 'node:net';

/** Addresses that are not somebody's public server: what they are, and who says so. */
interface AddressRange {
  readonly range: string;
  readonly name: string;
  readonly source: string;
}

const range = (text: string, name: string, source: string): AddressRange => ({ range: text, name, source });

/**
 * Ranges that are not reachable in public, or are but must not be: IANA's registries of special-purpose addresses
 * (https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry), and what clouds
 * put on their machines. The first that fits gives its name.
 */
export const SPECIAL_RANGES: readonly AddressRange[] = [
  range('0.0.0.0/8', 'this network', 'RFC 791'),
  range('10.0.0.0/8', 'private', 'RFC 1918'),
  // Holds Alibaba Cloud's metadata service, 100.100.100.200.
  range('100.64.0.0/10', 'carrier-grade NAT', 'RFC 6598'),
  range('127.0.0.0/8', 'loopback', 'RFC 1122'),
  // Holds the metadata service of most clouds, 169.254.169.254.
  range('169.254.0.0/16', 'link-local', 'RFC 3927'),
  range('172.16.0.0/12', 'private', 'RFC 1918'),
  // Holds Oracle Cloud's older metadata service, 192.0.0.192.
  range('192.0.0.0/24', 'protocol assignments', 'RFC 6890'),
  range('192.0.2.0/24', 'documentation', 'RFC 5737'),
  range('192.88.99.0/24', '6to4 relays', 'RFC 7526'),
  range('192.168.0.0/16', 'private', 'RFC 1918'),
  range('198.18.0.0/15', 'benchmarking', 'RFC 2544'),
  range('198.51.100.0/24', 'documentation', 'RFC 5737'),
  range('203.0.113.0/24', 'documentation', 'RFC 5737'),
  range('224.0.0.0/4', 'multicast', 'RFC 5771'),
  // Holds 255.255.255.255, limited broadcast (RFC 919).
  range('240.0.0.0/4', 'reserved', 'RFC 1112'),
  range(
    '168.63.129.16/32',
    "Azure's host",
    'https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16',
  ),
  range('::/128', 'unspecified', 'RFC 4291'),
  range('::1/128', 'loopback', 'RFC 4291'),
  range('64:ff9b:1::/48', 'local NAT64', 'RFC 8215'),
  // Hold Amazon's and Google's metadata services, fd00:ec2::254 and fd20:ce::254.
  range('fc00::/7', 'unique local', 'RFC 4193'),
  range('fe80::/10', 'link-local', 'RFC 4291'),
  range('fec0::/10', 'site-local', 'RFC 3879'),
  range('ff00::/8', 'multicast', 'RFC 4291'),
  // Teredo (2001::/32), ORCHID, benchmarking and others.
  range('2001::/23', 'protocol assignments', 'RFC 2928'),
  range('2001:db8::/32', 'documentation', 'RFC 3849'),
  // Leads to the IPv4 address within it, by way of relays that nobody answers for.
  range('2002::/16', '6to4', 'RFC 3056'),
  range('3fff::/20', 'documentation', 'RFC 9637'),
];

/** Addresses that stand for the IPv4 address in their last four bytes, and are as good or bad as that one. */
const CARRIERS = [
  range('::ffff:0:0/96', 'IPv4-mapped', 'RFC 4291'),
  range('64:ff9b::/96', 'NAT64', 'RFC 6052'),
].map(parseRange);

/** All public unicast IPv6 addresses that IANA has given out, RFC 3587. What lies beyond is reserved. */
const GLOBAL_UNICAST = parseRange(range('2000::/3', 'global unicast', 'RFC 3587'));

const RANGES = SPECIAL_RANGES.map(parseRange);

/**
 * Why an address must not be dialled for somebody who is not the operator, in a few words, or null where it may.
 * Text that is no address is refused.
 */
export function specialRange(address: string): string | null {
  const bytes = addressBytes(address);
  if (bytes === null) return 'no address';
  const isCarrier = CARRIERS.some((carrier) => holds(carrier, bytes));
  const judged = isCarrier ? bytes.subarray(12) : bytes;
  const special = RANGES.find((candidate) => holds(candidate, judged));
  if (special !== undefined) return `${special.name}, ${special.source}`;
  if (judged.length === 16 && !holds(GLOBAL_UNICAST, judged)) return 'reserved, RFC 4291';
  return null;
}

interface ParsedRange extends AddressRange {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

function parseRange(described: AddressRange): ParsedRange {
  const [address = '', bits = ''] = described.range.split('/');
  const bytes = addressBytes(address);
  if (bytes === null) throw new TypeError(`${described.range} is no range`);
  return { ...described, bytes, bits: Number(bits) };
}

function holds({ bytes, bits }: ParsedRange, address: Uint8Array): boolean {
  if (bytes.length !== address.length) return false;
  return bytes.every((byte, index) => {
    const mask = (0xff << Math.min(8, Math.max(0, 8 - (bits - index * 8)))) & 0xff;
    return (byte & mask) === (address[index]! & mask);
  });
}

/** The 4 or 16 bytes of an address, null where the text is none. A zone (`%eth0`, RFC 4007) says nothing here. */
export function addressBytes(text: string): Uint8Array | null {
  const [address = ''] = text.split('%');
  const family = isIP(address);
  if (family === 0) return null;
  return Uint8Array.from(family === 4 ? address.split('.').map(Number) : bytesOfIPv6(address));
}

/** The text is known to be an address (RFC 4291 section 2.2). */
function bytesOfIPv6(address: string): number[] {
  const [head = [], tail] = address.split('::').map(bytesOfGroups);
  if (tail === undefined) return [...head];
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

function bytesOfGroups(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
