import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { bodyTooLarge, UnreadableBodyError } from "./body.ts";

/** The encodings that `decoded` reads. gzip is first, because it costs a service least. */
export const acceptEncoding = "gzip, deflate, br, zstd";

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);
const zstd = promisify(zlib.zstdDecompress);

/** 8 MB, the largest window that RFC 9659 allows: the window takes memory beside the output. */
const zstdWindow = { [zlib.constants.ZSTD_d_windowLogMax]: 23 };

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["br", promisify(zlib.brotliDecompress)],
  ["zstd", (bytes, options) => zstd(bytes, { ...options, params: zstdWindow })],
  // Some services send raw deflate data instead of the zlib format of RFC 9110, which begins with the method 8.
  ["deflate", (bytes, options) => ((bytes[0] ?? 0) % 16 === 8 ? inflate(bytes, options) : inflateRaw(bytes, options))],
]);

/** Each layer may take `maxBytes` of memory. */
const maxLayers = 3;

/** The content encodings in the order in which the service applied them, without `identity`. */
export const encodingsOf = (header: string | readonly string[] | undefined): readonly string[] =>
  header === undefined
    ? []
    : [header]
        .flat()
        .join(",")
        .split(",")
        .map((name) => name.trim().toLowerCase())
        .filter((name) => name !== "" && name !== "identity");

/**
 * Removes the content encodings of a body. It takes at most `maxBytes` of memory per encoding.
 * @throws UnreadableBodyError for an unknown encoding, for more than three encodings, and for invalid or truncated data
 * @throws TooLargeError as soon as an encoding yields more than `maxBytes`
 */
export async function decoded(bytes: Buffer, encodings: readonly string[], maxBytes: number): Promise<Buffer> {
  if (encodings.length > maxLayers) {
    throw new UnreadableBodyError(`it has ${encodings.length} content encodings, expected at most ${maxLayers}`);
  }
  let plain = bytes;
  for (const encoding of encodings.toReversed()) plain = await decodedOnce(plain, encoding, maxBytes);
  return plain;
}

async function decodedOnce(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decode = decoders.get(encoding);
  if (decode === undefined) {
    throw new UnreadableBodyError(
      `its content encoding is ${JSON.stringify(encoding.slice(0, 40))}, expected one of ${acceptEncoding}`,
    );
  }
  if (bytes.length === 0) return bytes;
  try {
    return await decode(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (isTooLarge(cause)) throw bodyTooLarge(maxBytes);
    throw new UnreadableBodyError(`its body is not valid ${encoding}, or is cut off`, { cause });
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
