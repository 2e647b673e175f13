import { describe, expect, expectTypeOf, test } from "vitest";
import { gatewaySettings } from "../../src/server/gateway-settings.ts";
import { type ConfigOf, defineSettings } from "../../src/server/settings/define-settings.ts";
import { ConfigError } from "../../src/server/settings/setting.ts";
import {
  anyText,
  databaseUrl,
  httpUrl,
  listOf,
  oneOf,
  onOrOff,
  wholeNumber,
} from "../../src/server/settings/value-kinds.ts";

const settings = defineSettings({
  DATABASE_URL: { meaning: "where the orders are", kind: databaseUrl, isRequired: true },
  PRICES_URL: { meaning: "base URL of the price service", kind: httpUrl },
  PRICES_POLL_MS: { meaning: "how often prices are asked for", kind: wholeNumber(10, 60_000), default: 1_000 },
  SHOPS: { meaning: "which shops are shown", kind: listOf(oneOf(["north", "south"])), default: [] },
  SHOWS_DRAFTS: { meaning: "on or off", kind: onOrOff, default: false },
  PRICES_TOKEN: { meaning: "the token of the price service", kind: anyText },
});

const database = { DATABASE_URL: "postgres://shop@db/orders" };

describe("an app's own settings", () => {
  test("are read beside the engine's, and have names in camel case", () => {
    const config = settings.load({ ...database, PRICES_POLL_MS: "20", SHOPS: "north, south", PORT: "0" });
    expect(config).toMatchObject({
      databaseUrl: "postgres://shop@db/orders",
      pricesPollMs: 20,
      shops: ["north", "south"],
      showsDrafts: false,
      port: 0,
      requestTimeoutMs: 10_000,
    });
    expect(config.pricesUrl).toBeUndefined();
  });

  test("have the types of their kinds; undefined only without a default", () => {
    type Config = ConfigOf<typeof settings>;
    expectTypeOf<Config["databaseUrl"]>().toEqualTypeOf<string>();
    expectTypeOf<Config["pricesUrl"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Config["pricesPollMs"]>().toEqualTypeOf<number>();
    expectTypeOf<Config["shops"]>().toEqualTypeOf<readonly ("north" | "south")[]>();
    expectTypeOf<Config["showsDrafts"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Config["port"]>().toEqualTypeOf<number>();
    // @ts-expect-error a default of another kind
    defineSettings({ POLL_MS: { meaning: "", kind: wholeNumber(0, 9), default: "often" } });
  });

  test("that are required and not set stop the start with one line", () => {
    expect(() => settings.load({})).toThrow(
      new ConfigError(`DATABASE_URL: expected ${databaseUrl.expected}, but it is not set`),
    );
    expect(() => settings.load({ DATABASE_URL: " " })).toThrow(ConfigError);
  });

  test("that are invalid stop it too, with a line that shows no password", () => {
    expect(() => settings.load({ ...database, SHOPS: "north,west" })).toThrow(
      new ConfigError('SHOPS: expected one of north, south; several are separated by commas, got "north,west"'),
    );
    expect(() => settings.load({ ...database, PRICES_URL: "http://me:secret@prices" })).toThrow(/\/\/me:\*\*\*@prices/);
  });

  test("are listed by --help after the engine's, with their defaults", () => {
    expect(settings.help()).toMatch(/^ {2}PORT +the port; 0 picks a free one \(default: 4000\)$/m);
    expect(settings.help()).toMatch(/^ {2}DATABASE_URL +where the orders are \(required\)$/m);
    expect(settings.help()).toMatch(/^ {2}PRICES_POLL_MS +how often prices are asked for \(default: 1000\)$/m);
    expect(settings.help()).toMatch(/LOG_LEVEL[\s\S]*DATABASE_URL/);
  });

  test("are suggested for a misspelled variable", () => {
    expect(settings.unknown({ PRICES_URI: "http://prices", PRICE_URL: "", PATH: "" })).toEqual([
      "PRICES_URI is not a setting: did you mean PRICES_URL?",
      "PRICE_URL is not a setting: did you mean PRICES_URL?",
    ]);
  });

  test("cannot have the name of a setting of the engine, or one that is not in capitals", () => {
    expect(() => defineSettings({ PORT: { meaning: "", kind: anyText } })).toThrow(
      "PORT is a setting of the engine: choose another name.",
    );
    expect(() => defineSettings({ pricesUrl: { meaning: "", kind: httpUrl } })).toThrow(/in capitals.*"pricesUrl"/);
  });
});

test("gatewaySettings are the options of createGateway that come from the engine's settings", () => {
  const config = defineSettings({}).load({
    NODE_ENV: "production",
    REQUEST_TIMEOUT_MS: "500",
    GRAPHIQL: "on",
    COALESCE_QUERIES: "off",
    CORS_ORIGINS: "https://shop.example",
  });
  expect(gatewaySettings(config)).toEqual({
    isProduction: true,
    showsExceptions: false,
    requestTimeoutMs: 500,
    opensGraphiQL: true,
    opensIntrospection: false,
    corsOrigins: ["https://shop.example"],
    trustedProxies: [],
    maxCost: 10_000,
    showsCost: false,
    trustedDocuments: { mode: "off", files: ["operations/trusted-documents.json"] },
    metrics: { token: undefined },
    coalescing: { isOn: false },
  });
});
