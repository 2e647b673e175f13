import { print } from "graphql";
import { next, readMultipart } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { CountryPageDocument } from "../../operations/operations.generated.ts";
import { sunResponse } from "./support/controlled-sun.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();

const deferred = print(CountryPageDocument);
const plain = deferred.replace(/@defer\([^)]*\)/, "");

const request = (query: string): Promise<Response> =>
  fetch(atlas().url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed, application/json" },
    body: JSON.stringify({ query, variables: { code: "NO" } }),
  });

test("the first payload arrives before the response of the sun service, and the result without @defer after it", async () => {
  expect(plain).not.toContain("@defer");
  const events: string[] = [];
  const plainResult = request(plain).then((response) => {
    events.push("result without @defer");
    return response.json();
  });
  // It waits only for the sun service.
  await atlas().sun.called();

  const payloads = readMultipart(await request(deferred));
  const first = await next(payloads);
  events.push("first payload");
  expect(first).toMatchObject({ data: { country: { name: "Norway" } }, hasNext: true });
  expect(JSON.stringify(first)).not.toContain("sunrise");

  events.push("response of the sun service");
  atlas().sun.resume();
  const second = await next(payloads);
  const { sunrise, sunset, dayLengthMinutes } = sunResponse;
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
  expect(await plainResult).toMatchObject({ data: { country: { capital: { sun: { sunrise } } } } });
  expect(events).toEqual(["first payload", "response of the sun service", "result without @defer"]);
});
