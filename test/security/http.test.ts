import { describe, expect, test } from "vitest";
import { httpAttacks } from "./support/http-attacks.ts";
import { useTarget } from "./support/target.ts";

const target = useTarget();

describe("an attack by HTTP is answered without any work", () => {
  test.each(httpAttacks)("$name ($source)", async (attack) => {
    const { bytes, status, code, answers = 1, expected = /(?:)/, forbidden, isHarmless = false } = attack;
    const before = target.work();
    const answer = await target.sendBytes(bytes);
    const statuses = Array.from(answer.matchAll(/^HTTP\/1\.1 (\d+)/gm), ([, one]) => Number(one));
    expect(statuses).toHaveLength(answers);
    expect(statuses[0] ?? 0).toBe(status);
    if (code !== undefined) expect(answer).toContain(`"code":"${code}"`);
    expect(answer).toMatch(expected);
    if (forbidden) expect(answer).not.toMatch(forbidden);
    expect(answer).not.toMatch(/node_modules|\.ts:\d|x-powered-by|^server:/im);
    if (!isHarmless) expect(target.work()).toEqual(before);
    expect(target.work().calls).toBe(before.calls);
  });

  test("and the next request of another client is answered", async () => {
    const answer = await target.send("POST", { query: '{ country(code: "NO") { name } }' });
    expect(answer.data).toEqual({ country: { name: "Norway" } });
  });
});
