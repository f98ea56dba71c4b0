import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** What a server of TLS needs. */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** DNS names and IPv4 addresses that the certificate is for. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
}

const DAY_MS = 86_400_000;

/** DER (ITU-T X.690): a tag, a length, and what is in it. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const yes = der(0x01, Buffer.from([0xff]));

/** GeneralizedTime, which RFC 5280 wants from 2050 on and OpenSSL takes for any year. */
const time = (at: Date): Buffer =>
  der(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`));

/** 1.2.840.10045.4.3.2, RFC 5758. */
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));

/** A distinguished name of one part, the common name (2.5.4.3). */
const nameOf = (text: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));

/** 2.5.29.19: may sign others. */
const IS_AUTHORITY = sequence(oid('551d13'), yes, octets(sequence(yes)));

/** 2.5.29.17: dNSName [2], iPAddress [7]. */
function alternativeNames(names: readonly string[]): Buffer {
  const parts = names.map((name) =>
    isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  return sequence(oid('551d11'), octets(sequence(...parts)));
}

interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

function pem(label: string, content: Buffer): string {
  return `-----BEGIN ${label}-----\n${content.toString('base64')}\n-----END ${label}-----\n`;
}

/** An X.509 certificate, RFC 5280 section 4.1. */
function certificateOf(
  subject: Signer & { readonly publicKey: KeyObject },
  issuer: Signer,
  { validFrom, validTo }: Omit<CertificateWish, 'names'>,
  extension: Buffer,
): string {
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1 + Math.floor(Math.random() * 100)),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    sequence(time(validFrom), time(validTo)),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign('sha256', body, issuer.key);
  return pem('CERTIFICATE', sequence(body, ECDSA_WITH_SHA256, bits(signature)));
}

/** A certificate authority for one test run, whose keys nobody ever stores. */
export class Authority {
  /** PEM. */
  readonly cert: string;
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly signer: Signer = { name: 'Signalbox tests', key: this.keys.privateKey };

  constructor() {
    const span = { validFrom: new Date(Date.now() - DAY_MS), validTo: new Date(Date.now() + DAY_MS) };
    this.cert = certificateOf(
      { ...this.signer, publicKey: this.keys.publicKey },
      this.signer,
      span,
      IS_AUTHORITY,
    );
  }

  /** A certificate that this authority vouches for. */
  issue(wish: CertificateWish): Certificate {
    return issue(wish, this.signer);
  }
}

/** A certificate that nobody vouches for but its owner. */
export function selfSigned(wish: CertificateWish): Certificate {
  return issue(wish, null);
}

function issue(wish: CertificateWish, issuer: Signer | null): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = { name: wish.names[0] ?? 'nobody', key: privateKey, publicKey };
  return {
    cert: certificateOf(subject, issuer ?? subject, wish, alternativeNames(wish.names)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A wish for a certificate that ends so many days from now, and began long ago. */
export function ending(days: number, ...names: readonly string[]): CertificateWish {
  const now = Date.now();
  return { names, validFrom: new Date(now - 400 * DAY_MS), validTo: new Date(now + days * DAY_MS) };
}
