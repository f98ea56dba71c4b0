/**
 * The text of a body, by the charset that its type names, or UTF-8. Bytes that are none are replaced, a byte order
 * mark is left out.
 */
export function bodyText(body: Buffer, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  return decoderFor(charset).decode(body);
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    // RangeError: a charset that nobody knows (https://encoding.spec.whatwg.org/#names-and-labels).
    return new TextDecoder();
  }
}
