/** W3C Trace Context, section 3.2.2: version, trace id, parent id, flags; a later version may add more after a hyphen. */
const traceparentFormat =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{1,200})?$/;

/** W3C Trace Context, section 3.3.1.5: at least so many characters are to be passed on. */
const maxTracestate = 512;

const none: Readonly<Record<string, string>> = {};

/** The `traceparent` and `tracestate` of a request, as sources get them; nothing where the first is missing or invalid. */
export function traceContextOf(headers: Headers): Readonly<Record<string, string>> {
  const traceparent = headers.get("traceparent");
  if (traceparent === null || !traceparentFormat.test(traceparent)) return none;
  const tracestate = headers.get("tracestate");
  return tracestate === null || tracestate.length > maxTracestate ? { traceparent } : { traceparent, tracestate };
}
