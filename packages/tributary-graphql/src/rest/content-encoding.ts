import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { bodyTooLarge, UnreadableBodyError } from "./body.ts";

/** Asks for the encodings that `decoded` reads; gzip first, which costs a service least. */
export const acceptEncoding = "gzip, deflate, br, zstd";

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);
const zstd = promisify(zlib.zstdDecompress);

/** A window above 8 MB, which RFC 9659 allows nobody to ask a client for, would take memory beside the output. */
const zstdWindow = { [zlib.constants.ZSTD_d_windowLogMax]: 23 };

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["br", promisify(zlib.brotliDecompress)],
  ["zstd", (bytes, options) => zstd(bytes, { ...options, params: zstdWindow })],
  // Some services send raw deflate data where RFC 9110 means zlib's format, which begins with the method 8.
  ["deflate", (bytes, options) => ((bytes[0] ?? 0) % 16 === 8 ? inflate(bytes, options) : inflateRaw(bytes, options))],
]);

/** Each layer may cost as much as `maxBytes` again. */
const maxLayers = 3;

/** The content encodings of a response in the order in which they were applied, without `identity`. */
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
 * The bytes of a body without its content encodings. Memory is bounded by `maxBytes` for each encoding.
 * @throws UnreadableBodyError for an encoding that is not known, for too many of them, and for data that is cut off or broken
 * @throws TooLargeError as soon as more than `maxBytes` have come out
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
