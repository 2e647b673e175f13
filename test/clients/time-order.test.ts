import { print } from "graphql";
import { next, readMultipart } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { CountryPageDocument } from "../../operations/operations.generated.ts";
import { sunAnswer } from "./support/held-sun.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();

const deferred = print(CountryPageDocument);
const whole = deferred.replace(/@defer\([^)]*\)/, "");

const ask = (query: string): Promise<Response> =>
  fetch(atlas().url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed, application/json" },
    body: JSON.stringify({ query, variables: { code: "NO" } }),
  });

test("the first payload is there while the sun service still sleeps, and the query without @defer has no answer", async () => {
  expect(whole).not.toContain("@defer");
  const events: string[] = [];
  const wholeAnswer = ask(whole).then((response) => {
    events.push("answer without @defer");
    return response.json();
  });
  // It has done all but wait: were it not for the sun, it would have been answered before what follows.
  await atlas().sun.asked();

  const payloads = readMultipart(await ask(deferred));
  const first = await next(payloads);
  events.push("first payload");
  expect(first).toMatchObject({ data: { country: { name: "Norway" } }, hasNext: true });
  expect(JSON.stringify(first)).not.toContain("sunrise");

  events.push("sun released");
  atlas().sun.release();
  const second = await next(payloads);
  const { sunrise, sunset, dayLengthMinutes } = sunAnswer;
  expect(second).toEqual({
    incremental: [
      {
        path: ["country", "capital"],
        label: "capitalSun",
        data: { sun: { sunrise, sunset, dayLengthMinutes } },
      },
    ],
    hasNext: false,
  });
  expect(await wholeAnswer).toMatchObject({ data: { country: { capital: { sun: { sunrise } } } } });
  expect(events).toEqual(["first payload", "sun released", "answer without @defer"]);
});
