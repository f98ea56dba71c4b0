import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ExchangeFault } from './failure-reason';

type Decoder = ReturnType<typeof createGunzip | typeof createInflate | typeof createBrotliDecompress>;

/**
 * Codings of RFC 9110 section 8.4.1. `deflate` is the zlib format it defines, without the bare variant that some
 * servers send: nobody asks for it. One coding at most: a chain of them multiplies the work that a few bytes make.
 */
const DECODERS: Readonly<Record<string, () => Decoder>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads and decompresses a body up to `maxBytes`, and stops there: of a gzip bomb no more than one chunk (16 KB)
 * beyond is ever inflated. A body that is not read to its end takes its connection with it.
 *
 * @param encoding the Content-Encoding header
 * @throws ExchangeFault for an unknown encoding; else what the connection or the decoder threw
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  const decoder = decoderFor(encoding);
  try {
    for await (const chunk of decoder === null ? body : decoded(body, decoder)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > maxBytes) break;
    }
  } catch (error) {
    if (decoder === null || !isEmptyInput(error, decoder)) throw error;
  }
  return { body: Buffer.concat(chunks, Math.min(length, maxBytes)), isCut: length > maxBytes };
}

function decoderFor(encoding: string | undefined): Decoder | null {
  const coding = encoding?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return null;
  const create = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (create === undefined) throw new ExchangeFault('bad_encoding', 'unknown content encoding');
  return create();
}

function decoded(body: Readable, decoder: Decoder): Decoder {
  // An error of either stream destroys both, so the reader of the decoder meets it.
  return pipeline(body, decoder, () => undefined);
}

/** A 304 may name the coding of the body that it does not have. */
function isEmptyInput(error: unknown, decoder: Decoder): boolean {
  return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' && decoder.bytesWritten === 0;
}
