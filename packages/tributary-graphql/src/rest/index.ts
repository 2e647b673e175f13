export { oneFor } from "./align.ts";
export { isDateTime } from "./date-time.ts";
export { type EncodedValue, joined, type ListSeparator, type QueryValue, queryOf, reserved } from "./query.ts";
export {
  type BatchRead,
  commaList,
  createRestReads,
  type KeyEncoding,
  type KeyReader,
  linkHeader,
  type NextPage,
  nextCursor,
  type PagedRead,
  type PageReader,
  type Pages,
  type Path,
  pageNumber,
  path,
  postBody,
  type RestKey,
  type RestReads,
  type RowOf,
  repeated,
  rowOffset,
  type SingleRead,
} from "./reads.ts";
export {
  type CacheStats,
  createUpstream,
  type Upstream,
  type UpstreamAnswer,
  type UpstreamOptions,
  type UpstreamPost,
  type UpstreamRead,
  type UpstreamScope,
} from "./upstream.ts";
