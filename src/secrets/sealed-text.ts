import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** NIST SP 800-38D, section 8.2.2: random nonces of 96 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** `sealed:1:<id of the key>:<nonce, ciphertext and tag in base64url>`. No secret of earlier versions begins so. */
const SEALED = /^sealed:1:([0-9a-f]{8}):([\w-]+)$/;

/** Length of a key. */
export const KEY_BYTES = 32;

/** A key of AES-256, and a name for it that does not give it away. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** A sealed text that none of the keys opens. */
export class UnreadableSecretError extends Error {
  constructor(context: string, options?: ErrorOptions) {
    super(`${context} cannot be read: it was sealed with a key that is not here, or it was changed`, options);
    this.name = 'UnreadableSecretError';
  }
}

/** Names a key of `KEY_BYTES` bytes. */
export function sealingKey(bytes: Buffer): SealingKey {
  return {
    id: createHash('sha256').update('signalbox key\0').update(bytes).digest('hex').slice(0, 8),
    bytes,
  };
}

/**
 * Encrypts a text with AES-256-GCM.
 *
 * @param context what it is and whose: only who names the same can open it, so that a text moved to another row is none
 */
export function sealText(text: string, context: string, key: SealingKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `sealed:1:${key.id}:${sealed.toString('base64url')}`;
}

/**
 * Decrypts what `sealText` made. A text that was never sealed is what it is.
 *
 * @throws UnreadableSecretError
 */
export function openText(text: string, context: string, keys: readonly SealingKey[]): string {
  const [, id, content = ''] = SEALED.exec(text) ?? [];
  if (id === undefined) return text;
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined) throw new UnreadableSecretError(context);
  const sealed = Buffer.from(content, 'base64url');
  const tagAt = sealed.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv(CIPHER, key.bytes, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(tagAt));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]).toString();
  } catch (cause) {
    throw new UnreadableSecretError(context, { cause });
  }
}

/** The id of the key that a text is sealed with; null where it is not sealed. */
export function keyIdOf(text: string): string | null {
  return SEALED.exec(text)?.[1] ?? null;
}
