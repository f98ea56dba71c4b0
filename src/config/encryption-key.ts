/** The bytes of a key of AES-256. Throws an Error that says what is expected. */
export function parseKey(value: string): Buffer {
  const key = Buffer.from(value, 'base64');
  if (key.length !== 32 || key.toString('base64') !== value) {
    throw new Error('must be 32 bytes in base64, as "openssl rand -base64 32" makes them');
  }
  return key;
}
