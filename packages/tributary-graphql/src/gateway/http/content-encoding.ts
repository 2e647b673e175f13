import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip, type Zlib } from "node:zlib";
import { knownBody, wholeResponse } from "./json-response.ts";
import { parseAccept, rangeFor } from "./media-ranges.ts";

/** In order of preference: for a stream, brotli keeps megabytes where gzip keeps a quarter of one. */
const encodings = ["gzip", "br"] as const;
export type ContentEncoding = (typeof encodings)[number];

/** Bytes below which compressing an answer costs more than it saves. */
const smallestWorth = 1_024;

/**
 * The content coding that a client prefers, by RFC 9110, 12.5.3; undefined for none.
 *
 * @param preferred what is chosen first among those that the client likes equally
 */
export function encodingFor(
  acceptEncoding: string | null | undefined,
  preferred: readonly ContentEncoding[] = encodings,
): ContentEncoding | undefined {
  if (!acceptEncoding?.trim()) return undefined;
  // The header has the grammar of Accept, with `*` for any.
  const ranges = parseAccept(acceptEncoding).map((range) => (range.type === "*" ? { ...range, type: "*/*" } : range));
  const qualityOf = (type: string) => rangeFor(ranges, { type, parameters: {} })?.quality ?? 0;
  const best = preferred.reduce((left, right) => (qualityOf(right) > qualityOf(left) ? right : left));
  const named = ranges.find(({ type }) => type === "identity")?.quality ?? 0;
  return qualityOf(best) > 0 && qualityOf(best) >= named ? best : undefined;
}

/** The encoding for a text that is known as a whole; undefined for as it is. */
export const encodingOfWhole = (
  body: string | Uint8Array,
  acceptEncoding: string | null | undefined,
): ContentEncoding | undefined => (isWorthIt(body) ? encodingFor(acceptEncoding) : undefined);

/** Counts the bytes of a text only where there may be more of them than characters to some effect. */
const isWorthIt = (body: string | Uint8Array): boolean =>
  body.length >= smallestWorth || (typeof body === "string" && Buffer.byteLength(body) >= smallestWorth);

/** The answer compressed as its client asked: a long text as a whole, a stream payload by payload. */
export async function encoded(response: Response, acceptEncoding: string | null): Promise<Response> {
  if (response.headers.has("content-encoding")) return response;
  const body = knownBody(response);
  const encoding = body === undefined ? encodingFor(acceptEncoding) : encodingOfWhole(body, acceptEncoding);
  if (!encoding) return response;
  if (body !== undefined) return wholeResponse(await compress[encoding](body), initOf(response, encoding));
  return isPayloads(response) ? encodedStream(response, response.body, encoding) : response;
}

export const compress = {
  gzip: promisify(gzip),
  // The default of 11 is for files that are compressed once.
  br: (body: string | Uint8Array) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
} as const;

/** For what is compressed once and sent again and again. */
export const compressForGood = {
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 }),
  // Beyond this, a megabyte takes seconds for a few per cent.
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 6,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }),
} as const;

/** Of the answers that have no known text, only our streams are worth it. */
function isPayloads(response: Response): response is Response & { readonly body: ReadableStream<Uint8Array> } {
  const type = response.headers.get("content-type") ?? "";
  return response.body !== null && (type.startsWith("multipart/mixed") || type.startsWith("text/event-stream"));
}

const encodedStream = (response: Response, body: ReadableStream<Uint8Array>, encoding: ContentEncoding): Response =>
  new Response(encodedBody(body, createCompressor(encoding)), initOf(response, encoding));

function initOf({ status, headers }: Response, encoding: ContentEncoding): ResponseInit {
  const compressed = new Headers(headers);
  compressed.set("content-encoding", encoding);
  return { status, headers: compressed };
}

const createCompressor = (encoding: ContentEncoding): Compressor =>
  encoding === "gzip"
    ? createGzip({ flush: constants.Z_SYNC_FLUSH })
    : createBrotliCompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 },
      });

type Compressor = NodeJS.ReadWriteStream & Zlib & { destroy(): void };

/** Each chunk leaves as soon as it is compressed, and the next one is taken only when the client has room for it. */
function encodedBody(body: ReadableStream<Uint8Array>, compressor: Compressor): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        compressor.on("data", (chunk: Uint8Array) => controller.enqueue(chunk));
        compressor.on("end", () => controller.close());
        compressor.on("error", (error) => controller.error(error));
      },
      async pull() {
        const { done, value } = await reader.read();
        if (done) compressor.end();
        else await new Promise<void>((resolve) => compressor.write(value, () => resolve()));
      },
      async cancel(reason) {
        compressor.removeAllListeners("data");
        compressor.destroy();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
