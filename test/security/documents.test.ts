import { describe, expect, test } from "vitest";
import { documentAttacks } from "./support/document-attacks.ts";
import { transports, useTarget } from "./support/target.ts";

const target = useTarget();

const rows = documentAttacks.flatMap(({ over = transports, ...attack }) =>
  over.map((transport) => ({ ...attack, transport })),
);

describe("an attack by a document is refused before a resolver or a source is called", () => {
  test.each(rows)("$name, over $transport ($source)", async (attack) => {
    const { transport, query, variables, operationName, extensions, code, message = /./ } = attack;
    const before = target.work();
    const answer = await target.send(transport, { query, variables, operationName, extensions });
    expect(answer.errors.map(({ extensions: own }) => own?.code)).toEqual(answer.errors.map(() => code));
    expect(answer.errors[0]?.message).toMatch(message);
    expect(answer.data ?? undefined).toBeUndefined();
    expect(answer.status ?? 400).toBeLessThan(500);
    expect(answer.errors.length).toBeLessThanOrEqual(21);
    expect(answer.text).not.toMatch(/Did you mean|node_modules|\.ts:\d/);
    expect(target.work()).toEqual(before);
  });
});
