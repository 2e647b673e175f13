import { describe, expect, test } from "vitest";
import { codegenManifest, sha256, trusting } from "./support/trusting.ts";

const hello = "query Hello { hello }";
const failing = "query Failing { later held }";
const add = "mutation Hello { add }";
const manifest = codegenManifest({ Hello: hello, Failing: failing, Add: add });
const json = { accept: "application/json" };

describe.each(["fast", "Yoga"])("over the path %s, the answer to a GET", (path) => {
  const plugins = path === "Yoga" ? [{ onRequest: () => undefined }] : [];
  const started = async (options = {}) => {
    const trusted = { mode: "only", publicMaxAgeSeconds: { Hello: 300 } } as const;
    const { url } = await trusting(trusted, [manifest], options, plugins);
    return async (search: string, headers: Record<string, string> = {}, method = "GET", body?: string) => {
      const response = await fetch(`${url}${search}`, {
        method,
        headers: { ...json, ...headers },
        ...(body && { body }),
      });
      await response.arrayBuffer();
      return {
        cacheControl: response.headers.get("cache-control"),
        vary: response.headers.get("vary")?.toLowerCase().split(", ") ?? [],
      };
    };
  };
  const byId = `?documentId=sha256:${sha256(hello)}`;

  test("may be kept by caches for as long as the app says, for each combination of the declared headers", async () => {
    const ask = await started({ headers: ["accept-language"], cookies: ["theme"] });
    const { cacheControl, vary } = await ask(byId);
    expect(cacheControl).toBe("public, max-age=300");
    expect(vary).toEqual(expect.arrayContaining(["accept-language", "cookie", "accept", "accept-encoding"]));
    const byHash = { persistedQuery: { version: 1, sha256Hash: sha256(hello) } };
    const search = `?extensions=${encodeURIComponent(JSON.stringify(byHash))}`;
    expect((await ask(search)).cacheControl).toBe("public, max-age=300");
    expect((await ask(`?query=${encodeURIComponent(hello)}`)).cacheControl).toBe("public, max-age=300");
  });

  test("to a request with credentials, or for its calls, is not kept", async () => {
    const ask = await started();
    for (const header of ["authorization", "cookie", "x-tributary-calls"]) {
      expect([header, (await ask(byId, { [header]: "1" })).cacheControl]).toEqual([header, "no-store"]);
    }
  });

  test("is not kept where answers may depend on the client's address", async () => {
    const ask = await started({ readsClientAddress: true });
    expect((await ask(byId)).cacheControl).toBe("no-store");
  });

  test("is not kept for an operation that the app has not named, a faulty request and an unknown id", async () => {
    const ask = await started({ limits: { resultValues: 1 } });
    expect((await ask(`?documentId=${sha256(failing)}`)).cacheControl).toBe("no-store");
    expect((await ask(`${byId}&operationName=Other`)).cacheControl).toBe("no-store");
    expect((await ask("?documentId=unknown")).cacheControl).toBe("no-store");
  });

  test("is not kept after a POST of the same", async () => {
    const ask = await started();
    const body = JSON.stringify({ documentId: sha256(hello) });
    expect((await ask("", { "content-type": "application/json" }, "POST", body)).cacheControl).toBe("no-store");
  });
});
