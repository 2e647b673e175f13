import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CityId } from "../../datasources/city.ts";
import { nodeId, parseCityId, parseNodeId } from "../../resolvers/node-id.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("node ids", () => {
  test.each([
    { type: "Country", key: "DE" },
    { type: "Airport", key: "CDG" },
    { type: "City", key: 2950159 as CityId },
  ] as const)("the id of %j stands for it again", (id) => {
    expect(parseNodeId(nodeId(id))).toEqual(id);
  });

  test.each([
    ["nothing", ""],
    ["a plain code", "DE"],
    ["an unknown type", encoded("User:1")],
    ["a type without a key", encoded("City:")],
    ["a key of another form", encoded("City:1e3")],
    ["an id beyond what a database holds", encoded("City:2147483648")],
    ["a code in lower case", encoded("Country:de")],
    ["more than a key", encoded("Country:DE:1")],
    ["padding that no id has", `${encoded("Country:DE")}=`],
    ["a prototype's name", encoded("constructor:1")],
  ])("%s is refused as bad input", (_name, id) => {
    expect(() => parseNodeId(id)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });

  test("no text that is not an id is taken for one", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseNodeId(text)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
      }),
    );
  });

  test("the id of a country is no id of a city, and the message says so", () => {
    expect(() => parseCityId(nodeId({ type: "Country", key: "DE" }))).toThrow(
      "id: expected the id of a City, got that of a Country.",
    );
  });
});
