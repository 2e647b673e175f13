import { expect, test } from "vitest";
import { exampleQueries } from "./support/example-queries.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();

test.for(exampleQueries)("the example $name gives data without an error", async ({ query, variables, field }) => {
  atlas().sun.resume();
  const response = await fetch(atlas().url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  expect(await response.json()).toEqual({ data: { [field]: expect.anything() } });
});
