import { createHash } from "node:crypto";
import { wholeResponse } from "./json-response.ts";
import { variesBy } from "./vary.ts";

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}pre{overflow:auto}";

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>GraphQL endpoint</title>
<style>${style}</style>
</head>
<body>
<h1>This is a GraphQL endpoint</h1>
<p>It is for programs. Send an operation as JSON:</p>
<pre>POST /graphql
Content-Type: application/json

{"query": "{ __typename }"}</pre>
<p>Queries may come by GET as well, as <code>?query=…</code>. Subscriptions come as server-sent events
(<code>Accept: text/event-stream</code>) or over WebSocket (<code>graphql-transport-ws</code>), both at this address.</p>
<p>GraphiQL is closed here.</p>
</body>
</html>
`;

/** Nothing may run and nothing may be loaded, except this very style. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page at `/graphql` where GraphiQL is closed. */
export const landingPage = (): Response =>
  wholeResponse(html, {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, vary: variesBy },
  });
