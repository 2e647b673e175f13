import type { GraphQLError } from "graphql";
import { refusal } from "./refusal.ts";

/** Elements that load a page of another site within their own. */
const frames: ReadonlySet<string | null> = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

/**
 * Why a request that a browser makes for a page of another origin may not run; undefined for all others. An image, a
 * script, a style or a frame whose address is a query sends one with every view of the page, whose author cannot even read
 * the answer. Clients that are no browsers send no such headers, `fetch` sends `cors` or `same-origin`, and a link that
 * somebody follows is a document.
 */
export function embeddingFault(headers: Pick<Headers, "get">): GraphQLError | undefined {
  const mode = headers.get("sec-fetch-mode");
  if (mode === null || headers.get("sec-fetch-site") === "same-origin") return undefined;
  const isFrame = mode === "navigate" && frames.has(headers.get("sec-fetch-dest"));
  if (mode !== "no-cors" && !isFrame) return undefined;
  const message =
    'A page of another origin may not embed queries, as images or frames do. Send them by fetch with mode: "cors".';
  return refusal("FORBIDDEN", message, { status: 403 });
}
