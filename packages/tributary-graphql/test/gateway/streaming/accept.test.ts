import { describe, expect, test } from "vitest";
import { negotiate } from "../../../src/gateway/http/accept.ts";

const json = "application/json";
const graphqlJson = "application/graphql-response+json";
const multipart = "multipart/mixed";
const events = "text/event-stream";

/** The media types of the response to an operation without deferred parts, and to one with them. */
function answers(accept: string | null): string {
  const accepted = negotiate(accept);
  if (!accepted) return "406";
  const stream = accepted.stream && `${accepted.stream} ${accepted.incremental}`;
  return `${accepted.single ?? stream} | ${stream ?? accepted.single}`;
}

describe("what clients send", () => {
  test.each([
    [
      "Apollo Client 4, Defer20220824Handler",
      `${multipart};deferSpec=20220824,${graphqlJson},${json};q=0.9`,
      `${graphqlJson} | ${multipart} 2022`,
    ],
    [
      "Apollo Client 4, GraphQL17Alpha9Handler",
      `${multipart};incrementalSpec=v0.2,${graphqlJson},${json};q=0.9`,
      `${graphqlJson} | ${multipart} v0.2`,
    ],
    ["Apollo Client 3.14", `${multipart}; deferSpec=20220824, ${json}`, `${json} | ${multipart} 2022`],
    ["Apollo Client 3.14 with @stream alone", "*/*", `${json} | ${json}`],
    [
      "urql",
      `${graphqlJson}, application/graphql+json, ${json}, ${events}, ${multipart}`,
      `${graphqlJson} | ${multipart} 2022`,
    ],
    ["GraphiQL", `${json}, ${multipart}`, `${json} | ${multipart} 2022`],
    ["axios", `${json}, text/plain, */*`, `${json} | ${json}`],
    ["an EventSource", events, `${events} 2022 | ${events} 2022`],
  ])("%s is answered with what it parses", (_client, accept, expected) => {
    expect(answers(accept)).toBe(expected);
  });
});

describe("an Accept header", () => {
  test.each([
    [null, `${json} | ${json}`],
    ["", `${json} | ${json}`],
    ["application/*", `${json} | ${json}`],
    ["multipart/*", `${multipart} 2022 | ${multipart} 2022`],
    ["text/*", `${events} 2022 | ${events} 2022`],
    ["image/png", "406"],
    ["text/html", "406"],
    ["APPLICATION/JSON; Charset=UTF-8", `${json} | ${json}`],
    [`${json}; charset=latin1`, "406"],
  ])("of %s is answered with %s", (accept, expected) => {
    expect(answers(accept)).toBe(expected);
  });

  test.each([
    [`${json};q=0.5, ${graphqlJson}`, `${graphqlJson} | ${graphqlJson}`],
    [`${graphqlJson};q=0.5, ${json};q=0.8`, `${json} | ${json}`],
    [`${multipart};q=0.5, ${events}`, `${events} 2022 | ${events} 2022`],
    [`${json}, ${multipart};q=0.5`, `${json} | ${json}`],
    [`${json};q=0.5, ${multipart}`, `${json} | ${multipart} 2022`],
    [`${json};q=0`, "406"],
    [`*/*, ${json};q=0`, `${graphqlJson} | ${graphqlJson}`],
    [`*/*, application/*;q=0`, `${multipart} 2022 | ${multipart} 2022`],
    [`*/*;q=0, ${json}`, `${json} | ${json}`],
    [`application/*;q=0.1, ${graphqlJson};q=0.2`, `${graphqlJson} | ${graphqlJson}`],
    [`${json};q=nonsense`, `${json} | ${json}`],
    [`${json};q=7, ${multipart}`, `${json} | ${multipart} 2022`],
  ])("weighs by quality, and by the more specific range: %s", (accept, expected) => {
    expect(answers(accept)).toBe(expected);
  });

  test.each([
    [`${multipart};incrementalSpec=v0.2`, `${multipart} v0.2 | ${multipart} v0.2`],
    [`${multipart};incrementalSpec="v0.2"`, `${multipart} v0.2 | ${multipart} v0.2`],
    [`${events};incrementalSpec=v0.2`, `${events} v0.2 | ${events} v0.2`],
    [`${events};deferSpec=20220824`, `${events} 2022 | ${events} 2022`],
    [`${multipart}, ${multipart};incrementalSpec=v0.2`, `${multipart} v0.2 | ${multipart} v0.2`],
    [`${multipart};incrementalSpec=v0.2;q=0.5, ${multipart}`, `${multipart} 2022 | ${multipart} 2022`],
    [`${multipart};q=0, ${multipart};incrementalSpec=v0.2`, `${multipart} v0.2 | ${multipart} v0.2`],
    [`${multipart};deferSpec=20220824;q=0, ${multipart}`, "406"],
    [`${multipart};incrementalSpec=v0.1`, "406"],
    [`${multipart};deferSpec=20990101, ${json}`, `${json} | ${json}`],
    [`${multipart};boundary="a,b;c";incrementalSpec=v0.2`, `${multipart} v0.2 | ${multipart} v0.2`],
    [`${multipart};boundary=graphql;subscriptionSpec=1.0, ${json}`, `${json} | ${json}`],
  ])("names the format of a stream: %s", (accept, expected) => {
    expect(answers(accept)).toBe(expected);
  });
});

test.each([
  ["quotes that are never closed", '\\"'],
  ["empty ranges", ",;"],
  ["one range", `${multipart},`],
])("a header of many times %s is read once through, however long it is", (_what, part) => {
  // Read anew from each quote, the first of them would take most of a minute.
  negotiate(`"${part.repeat(100_000 / part.length)}`);
  expect(answers(`${json}, ${part.repeat(1_000)}`)).toMatch(/json/);
});
