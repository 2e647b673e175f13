import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CityId } from "../../datasources/city.ts";
import { nodeId, parseCityId, parseNodeId } from "../../resolvers/node-id.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("global ids", () => {
  test.each([
    { type: "Country", key: "DE" },
    { type: "Airport", key: "CDG" },
    { type: "City", key: 2950159 as CityId },
  ] as const)("the id of %j decodes to it", (id) => {
    expect(parseNodeId(nodeId(id))).toEqual(id);
  });

  test.each([
    ["an empty string", ""],
    ["a code that is not encoded", "DE"],
    ["an unknown type", encoded("User:1")],
    ["a type without a key", encoded("City:")],
    ["a city key that is not decimal digits", encoded("City:1e3")],
    ["a city key above the range of the column", encoded("City:2147483648")],
    ["a code in lower case", encoded("Country:de")],
    ["a third part", encoded("Country:DE:1")],
    ["base64 padding", `${encoded("Country:DE")}=`],
    ["a property name of Object.prototype", encoded("constructor:1")],
  ])("%s is BAD_USER_INPUT", (_name, id) => {
    expect(() => parseNodeId(id)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });

  test("any string that is not an id is BAD_USER_INPUT", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseNodeId(text)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
      }),
    );
  });

  test("the id of a country where the id of a city is expected is an error that names both types", () => {
    expect(() => parseCityId(nodeId({ type: "Country", key: "DE" }))).toThrow(
      "id: expected the id of a City, got the id of a Country.",
    );
  });
});
