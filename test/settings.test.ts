import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settings } from "../config.ts";

describe("an unknown environment variable", () => {
  test.each([
    ["PROT", "PROT is not a setting: did you mean PORT?"],
    ["POR", "POR is not a setting: did you mean PORT?"],
    ["PORTT", "PORTT is not a setting: did you mean PORT?"],
    ["port", "port is not a setting: did you mean PORT?"],
    ["WORKER", "WORKER is not a setting: did you mean WORKERS?"],
    ["NODE_EVN", "NODE_EVN is not a setting: did you mean NODE_ENV?"],
    ["DATABASE_URI", "DATABASE_URI is not a setting: did you mean DATABASE_URL?"],
    ["REQUEST_TIMEOUT", "REQUEST_TIMEOUT is not a setting: there is REQUEST_TIMEOUT_MS."],
    ["RATES_DELAY_MS", "RATES_DELAY_MS is not a setting: there is RATES_URL, RATES_DRIFT_MS, and RATES_POLL_MS."],
  ])("%s is reported with similar settings", (name, line) => {
    expect(settings.unknown({ [name]: "1" })).toEqual([line]);
  });

  test.each([
    ...["PATH", "HOME", "HOSTNAME", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "LOGNAME", "SUNDAY", "npm_config_loglevel"],
    ...["SUN_SERVICE_HOST", "SUN_SERVICE_PORT", "SUN_SERVICE_PORT_HTTP", "RATES_PORT", "RATES_PORT_80_TCP_ADDR"],
  ])("%s of another program is not reported", (name) => {
    expect(settings.unknown({ [name]: "1" })).toEqual([]);
  });

  test("with one letter more, less or different than a setting is reported; a setting is not", () => {
    const { names } = settings;
    expect(settings.unknown(Object.fromEntries(names.map((name) => [name, "1"])))).toEqual([]);
    const letter = fc.constantFrom(..."ABCXYZ_");
    const off = fc.tuple(fc.constantFrom(...names), fc.nat(), letter, fc.constantFrom("add", "drop", "replace"));
    fc.assert(
      fc.property(off, ([name, number, character, how]) => {
        const index = number % name.length;
        const rest = name.slice(how === "add" ? index : index + 1);
        const typo = name.slice(0, index) + (how === "drop" ? "" : character) + rest;
        fc.pre(!names.includes(typo));
        expect(settings.unknown({ [typo]: "1" })).toHaveLength(1);
      }),
    );
  });
});
