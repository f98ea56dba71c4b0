import { isIP } from 'node:net';
import fc from 'fast-check';
import { addressBytes, SPECIAL_RANGES, specialRange } from './address-ranges';

const hex = (bytes: Uint8Array | null): string =>
  bytes === null ? 'none' : Buffer.from(bytes).toString('hex');

/** The address so many places after the last (or before the first) one of a range. */
function textOf(value: bigint, size: number): string {
  const digits = value.toString(16).padStart(size * 2, '0');
  const bytes = Buffer.from(digits, 'hex');
  if (size === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(':');
}

function edgesOf(range: string): { first: string; last: string; before: string; after: string } {
  const [address = '', bits = ''] = range.split('/');
  const bytes = addressBytes(address);
  if (bytes === null) throw new Error(range);
  const space = 1n << BigInt(bytes.length * 8);
  const first = BigInt(`0x${hex(bytes)}`);
  const last = first + (1n << BigInt(bytes.length * 8 - Number(bits))) - 1n;
  const at = (value: bigint): string => textOf((value + space) % space, bytes.length);
  return { first: at(first), last: at(last), before: at(first - 1n), after: at(last + 1n) };
}

describe('specialRange', () => {
  it.each(SPECIAL_RANGES)('refuses $range ($name, $source) from its first to its last address', (special) => {
    const { first, last } = edgesOf(special.range);
    expect([specialRange(first), specialRange(last)]).toEqual([
      `${special.name}, ${special.source}`,
      `${special.name}, ${special.source}`,
    ]);
  });

  it.each([
    ['0.0.0.0/8', 'after'],
    ['10.0.0.0/8', 'before'],
    ['10.0.0.0/8', 'after'],
    ['100.64.0.0/10', 'before'],
    ['100.64.0.0/10', 'after'],
    ['127.0.0.0/8', 'before'],
    ['127.0.0.0/8', 'after'],
    ['169.254.0.0/16', 'before'],
    ['169.254.0.0/16', 'after'],
    ['172.16.0.0/12', 'before'],
    ['172.16.0.0/12', 'after'],
    ['192.0.0.0/24', 'before'],
    ['192.0.2.0/24', 'after'],
    ['192.88.99.0/24', 'before'],
    ['192.88.99.0/24', 'after'],
    ['192.168.0.0/16', 'before'],
    ['192.168.0.0/16', 'after'],
    ['198.18.0.0/15', 'before'],
    ['198.18.0.0/15', 'after'],
    ['198.51.100.0/24', 'before'],
    ['203.0.113.0/24', 'after'],
    ['224.0.0.0/4', 'before'],
    ['168.63.129.16/32', 'before'],
    ['168.63.129.16/32', 'after'],
    ['2001::/23', 'after'],
    ['2001:db8::/32', 'before'],
    ['2001:db8::/32', 'after'],
    ['2002::/16', 'before'],
    ['2002::/16', 'after'],
    ['3fff::/20', 'before'],
    ['3fff::/20', 'after'],
  ] as const)('allows the public address beside %s (%s)', (range, side) => {
    expect(specialRange(edgesOf(range)[side])).toBeNull();
  });

  it.each([
    ['169.254.169.254', 'link-local, RFC 3927', 'most clouds'],
    ['fd00:ec2::254', 'unique local, RFC 4193', 'Amazon over IPv6'],
    ['fd20:ce::254', 'unique local, RFC 4193', 'Google over IPv6'],
    ['100.100.100.200', 'carrier-grade NAT, RFC 6598', 'Alibaba'],
    ['192.0.0.192', 'protocol assignments, RFC 6890', 'Oracle'],
    ['::ffff:169.254.169.254', 'link-local, RFC 3927', 'IPv4-mapped'],
    ['::ffff:a9fe:a9fe', 'link-local, RFC 3927', 'IPv4-mapped, in hexadecimal'],
    ['0:0:0:0:0:FFFF:A9FE:A9FE', 'link-local, RFC 3927', 'IPv4-mapped, at full length'],
    ['64:ff9b::a9fe:a9fe', 'link-local, RFC 3927', 'through NAT64'],
    ['2002:a9fe:a9fe::', '6to4, RFC 3056', 'through 6to4'],
    ['::169.254.169.254', 'reserved, RFC 4291', 'IPv4-compatible'],
    ['2001:0:a9fe:a9fe::', 'protocol assignments, RFC 2928', 'through Teredo'],
    ['fe80::1%eth0', 'link-local, RFC 4291', 'with a zone'],
    ['::ffff:0:169.254.169.254', 'reserved, RFC 4291', 'IPv4-translated'],
  ])('refuses %s (%s): %s', (address, refusal) => {
    expect(specialRange(address)).toBe(refusal);
  });

  it.each(['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::808:808', '2606:4700:4700::1111', '2a00:1450:4001::200e'])(
    'allows %s',
    (address) => {
      expect(specialRange(address)).toBeNull();
    },
  );

  it.each(['100::1', '1fff:ffff::', '4000::', '5f00::1', 'fc00::', 'f000::1', '64:ff9b:2::1'])(
    'refuses %s, which IANA has given to nobody in public',
    (address) => {
      expect(specialRange(address)).not.toBeNull();
    },
  );

  it.each(['', 'localhost', '10.0.0', '10.0.0.1.', '0x0a000001', '[::1]', '8.8.8.8/32', '8.8.8.8 '])(
    'refuses %j, which is no address',
    (text) => {
      expect(specialRange(text)).toBe('no address');
    },
  );

  it('judges an IPv4 address the same however it is carried', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const inHex = Buffer.from(address.split('.').map(Number)).toString('hex');
        const groups = `${inHex.slice(0, 4)}:${inHex.slice(4)}`;
        const carried = [
          `::ffff:${address}`,
          `::ffff:${groups}`,
          `64:ff9b::${groups}`,
          `64:ff9b::${address}`,
        ];
        expect(carried.map(specialRange)).toEqual(carried.map(() => specialRange(address)));
      }),
    );
  });
});

describe('addressBytes', () => {
  it.each([
    ['1.2.3.4', '01020304'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['1::', `0001${'0'.repeat(28)}`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['1:2::7:1.2.3.4', '00010002000000000000000701020304'],
    ['fe80::1%lo0', `fe80${'0'.repeat(27)}1`],
    ['1::2::3', 'none'],
  ])('reads %s', (text, bytes) => {
    expect(hex(addressBytes(text))).toBe(bytes);
  });

  it('reads every address that Node takes for one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(addressBytes(text)).toHaveLength(isIP(text) === 4 ? 4 : 16);
      }),
    );
  });

  it('reads an address of IPv6 as URLs write it down', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const written = new URL(`http://[${text}]`).hostname.slice(1, -1);
        expect(hex(addressBytes(text))).toBe(hex(addressBytes(written)));
      }),
    );
  });
});
