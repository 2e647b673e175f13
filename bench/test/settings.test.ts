import { expect, test } from "vitest";
import { parseSettings } from "../serving/settings.ts";

test("the default is a free port and one worker", () => {
  expect(parseSettings(["--graph", "posts", "--upstream", "http://127.0.0.1:1"])).toEqual({
    graph: "posts",
    upstream: "http://127.0.0.1:1",
    database: undefined,
    port: 0,
    workers: 1,
    without: [],
    plugins: [],
  });
});

test.each([
  [["--graph", "users"], '--graph: expected one of posts, pages, atlas, got "users".'],
  [[], "--graph: expected one of posts, pages, atlas, got none."],
  [["--graph", "posts", "--port", "x"], '--port: expected a whole number from 0 to 65535, got "x".'],
  [["--graph", "posts", "--workers", "0"], '--workers: expected a whole number from 1 to 64, got "0".'],
  [
    ["--graph", "posts", "--without", "speed"],
    '--without: expected one of log, call-log, metrics, coalescing, compiled-plans, http-cache, got "speed".',
  ],
  [["--graph", "posts", "--plugin", "apollo"], '--plugin: expected one of envelop, http, got "apollo".'],
])("%j is an error of one line", (args, message) => {
  expect(() => parseSettings(args)).toThrow(message);
});
