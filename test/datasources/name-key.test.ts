import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countryNamePattern } from "../../datasources/country-name-pattern.ts";
import { nameKey } from "../../datasources/name-key.ts";

describe("nameKey", () => {
  test.each([
    ["São Paulo", "sao paulo"],
    ["ZÜRICH", "zurich"],
    ["Łódź", "lodz"],
    ["Nuku‘alofa", "nukualofa"],
    ["Washington, D.C.", "washington d c"],
    ["Port-Vila", "port vila"],
    ["Großenhain", "grossenhain"],
    ["Ærøskøbing", "aeroskobing"],
    ["İzmir", "izmir"],
    ["  Reykjavík ", "reykjavik"],
    ["!?", ""],
  ])("normalizes %s to %s", (name, key) => {
    expect(nameKey(name)).toBe(key);
  });

  test("does not change a key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(nameKey(nameKey(text))).toBe(nameKey(text));
      }),
    );
  });

  test("returns only letters, digits and single spaces, so that patterns need no escape", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(nameKey(text)).toMatch(/^([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?$/u);
      }),
    );
  });
});

describe("countryNamePattern", () => {
  const matches = (text: string, name: string) => new RegExp(countryNamePattern(text), "i").test(name);

  test.each([
    ["sao tome", "São Tomé and Príncipe"],
    ["aland", "Åland Islands"],
    ["CURACAO", "Curaçao"],
    ["bissau", "Guinea-Bissau"],
    ["guinea bissau", "Guinea-Bissau"],
    ["islands", "Cook Islands"],
    ["réunion", "Réunion"],
  ])("of %s matches %s", (text, name) => {
    expect(matches(text, name)).toBe(true);
  });

  test.each([
    ["land", "Finland"],
    ["o", "São Tomé and Príncipe"],
    [".*", "Germany"],
  ])("of %s does not match %s", (text, name) => {
    expect(nameKey(text) !== "" && matches(text, name)).toBe(false);
  });
});
