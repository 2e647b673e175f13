import { describe, expect, test } from "vitest";
import { ways } from "../plugins/support/served.ts";
import { codegenManifest, sha256, trusting } from "./support/trusting.ts";

const text = "query Mine { hello }";
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const trusted = codegenManifest({ Hello: "query Hello { hello }" });

describe("where clients may register a text", () => {
  const open = (manifests: readonly unknown[] = [trusted]) =>
    trusting({ mode: "prefer", acceptsRegistration: true }, manifests);

  test.each(ways)("over %s, a text that was sent with its hash is found by the hash from then on", async (way) => {
    const { ask, toy } = await open();
    expect((await ask(way, "", {}, persisted(sha256(text)))).errors?.[0]?.message).toBe("PersistedQueryNotFound");
    expect((await ask(way, text, {}, persisted(sha256(text)))).data).toEqual({ hello: "hello 1" });
    expect((await ask(way, "", {}, persisted(sha256(text)))).data).toEqual({ hello: "hello 2" });
    expect(toy.gateway.trustedDocuments).toMatchObject({ registered: 1, trusted: 0, untrusted: 2 });
  });

  test.each(ways)("over %s, a hash that is not that of the text is refused, and nothing is registered", async (way) => {
    const { ask, calls, toy } = await open();
    const wrong = await ask(way, text, {}, persisted(sha256("{ other }")));
    expect(wrong.errors?.[0]).toMatchObject({
      message: "The provided sha256Hash is not the SHA-256 of the query, in lower-case hexadecimal.",
      extensions: { code: "BAD_USER_INPUT" },
    });
    expect([calls.hello, toy.gateway.trustedDocuments.registered]).toEqual([0, 0]);
  });

  test("a text cannot be registered under the hash of a trusted document", async () => {
    const { ask } = await open();
    const hash = sha256("query Hello { hello }");
    await ask("POST", text, {}, persisted(hash));
    expect((await ask("POST", "", {}, persisted(hash))).data).toEqual({ hello: "hello 1" });
  });

  test("an invalid text is not registered", async () => {
    const { ask, toy } = await open();
    await ask("POST", "{ gone }", {}, persisted(sha256("{ gone }")));
    expect(toy.gateway.trustedDocuments.registered).toBe(0);
  });

  test("the number of registered texts is bounded by their size: the oldest are dropped", async () => {
    const { ask, toy } = await open([]);
    const long = (index: number) => `query Long${index} { hello } #${"x".repeat(45_000)}`;
    for (let index = 0; index < 115; index++) await ask("POST", long(index), {}, persisted(sha256(long(index))));
    expect(toy.gateway.trustedDocuments.registered).toBeLessThan(115);
    const message = async (index: number) => (await ask("POST", "", {}, persisted(sha256(long(index))))).errors?.[0];
    expect((await message(0))?.message).toBe("PersistedQueryNotFound");
    expect(await message(114)).toBeUndefined();
  });
});

test("where clients may not, a text with a hash is executed, and the hash stays unknown", async () => {
  const { ask } = await trusting({ mode: "prefer" }, [trusted]);
  expect((await ask("POST", text, {}, persisted(sha256(text)))).data).toEqual({ hello: "hello 1" });
  expect((await ask("POST", "", {}, persisted(sha256(text)))).errors?.[0]?.message).toBe("PersistedQueryNotFound");
});
