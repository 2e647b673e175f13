import { fileURLToPath } from "node:url";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { describe, expect, test } from "vitest";

const startFile = fileURLToPath(new URL("support/toy-start.ts", import.meta.url));

/** Runs the start file of an app with only these settings. */
const run = (environment: Record<string, string> = {}) => runServer(startFile, environment);

/** The steps that were logged by these processes, in order, without the process ids. */
const doneBy = (text: string, isBy: (pid: number) => boolean): string[] =>
  [...text.matchAll(/^(\w+ \w+), pid (\d+)$/gm)].filter(([, , pid]) => isBy(Number(pid))).map(([, done = ""]) => done);

describe("serve", () => {
  test("in one process opens the shared resources, then the app, and closes them in reverse order", async () => {
    const server = run();
    const url = addressIn(await server.line("listening on "));
    const answer = await fetch(`${url}?query={hello openedBy}`);
    expect(await answer.json()).toEqual({ data: { hello: "world", openedBy: server.pid } });
    server.process.kill("SIGTERM");
    const { code, text } = await server.exit;
    expect(code).toBe(0);
    expect(doneBy(text, () => true)).toEqual(["shared opens", "app opens", "app closes", "shared closes"]);
  });

  test("with workers opens the shared resources once, tells each worker the result, and closes them last", async () => {
    const server = run({ WORKERS: "2" });
    const url = addressIn(await server.line("listening on "));
    const answer = await fetch(`${url}?query={openedBy}`);
    expect(await answer.json()).toEqual({ data: { openedBy: server.pid } });
    server.process.kill("SIGTERM");
    const { code, text } = await server.exit;
    expect(code).toBe(0);
    expect(doneBy(text, (pid) => pid === server.pid)).toEqual(["shared opens", "shared closes"]);
    expect(doneBy(text, (pid) => pid !== server.pid).sort()).toEqual([
      ...["app closes", "app closes"],
      ...["app opens", "app opens"],
    ]);
    expect(doneBy(text, () => true).at(-1)).toBe("shared closes");
  });

  test("replaces workers on SIGUSR2, and tells the new ones what is shared", async () => {
    const server = run({ WORKERS: "2", LOG_LEVEL: "info" });
    const url = addressIn(await server.line("listening on "));
    server.process.kill("SIGUSR2");
    expect(await server.logged("workers were replaced")).toMatchObject([{ replaced: 2 }]);
    const answer = await fetch(`${url}?query={openedBy}`);
    expect(await answer.json()).toEqual({ data: { openedBy: server.pid } });
    expect(doneBy(server.text(), () => true).filter((done) => done === "shared opens")).toHaveLength(1);
  });

  test.each([
    ["shared", "1", "The shared service does not start."],
    ["shared", "2", "The shared service does not start."],
    ["open", "1", "The database does not open."],
    ["open", "2", "The database does not open."],
  ])("stops the start with one line when %s fails, with WORKERS=%s", async (failsAt, workers, line) => {
    const { code, text } = await run({ FAILS_AT: failsAt, WORKERS: workers }).exit;
    expect(code).toBe(1);
    expect(text.split("\n").filter((each) => each === line)).toHaveLength(1);
    expect(text).not.toContain("    at ");
  });

  test.each(["1", "2"])("stops the start with one line for a faulty manifest, with WORKERS=%s", async (workers) => {
    const manifest = { TRUSTED_DOCUMENTS: "only", TRUSTED_DOCUMENT_FILES: "missing.json" };
    const { code, text } = await run({ ...manifest, WORKERS: workers }).exit;
    expect(code).toBe(1);
    expect(text).toMatch(/^Trusted documents: missing\.json: the file cannot be read \(ENOENT\)/m);
    expect(text).not.toContain("    at ");
  });

  test.each(["1", "2"])("prints a fault in the code with its stack trace, with WORKERS=%s", async (workers) => {
    const { code, text } = await run({ FAILS_AT: "load", WORKERS: workers }).exit;
    expect(code).toBe(1);
    expect(text).toMatch(/^TypeError: a slip in the code$[\s\S]*toy-start\.ts:\d+/m);
  });

  test("lists the app's settings on --help, and serves nothing", async () => {
    const command = [process.execPath, startFile, "--help"];
    const { code, text } = await runServer(startFile, {}, { command }).exit;
    expect([code, text]).toEqual([0, expect.stringContaining("  FAILS_AT ")]);
    expect(text).not.toContain("listening on");
  });
});
