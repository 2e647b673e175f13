import { describe, expect, test } from "vitest";
import { useTarget } from "./support/target.ts";
import { valueAttacks } from "./support/value-attacks.ts";

const target = useTarget();

describe("an attack by a value reaches nothing else than the field's own data", () => {
  test.each(valueAttacks)("$name ($source)", async ({ query, variables, sameAs, codes = [], ...attack }) => {
    const answers = [
      await target.send("POST", { query, variables }),
      await target.send("WebSocket", { query, variables }),
    ];
    const data = sameAs ? (await target.send("POST", { query, variables: sameAs })).data : attack.data;
    for (const answer of answers) {
      expect(answer.data).toEqual(data);
      expect(answer.errors.map(({ extensions }) => extensions?.code)).toEqual(codes);
      expect(answer.text).not.toMatch(/SQLITE_|syntax error|select "|http:\/\/127/);
    }
  });

  test("and the data is still there afterwards", async () => {
    const query = '{ cities { totalCount } airport(iata: "OSL") { iata } country(code: "NO") { name } }';
    const { data, errors } = await target.send("POST", { query });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      cities: { totalCount: 135_233 },
      airport: { iata: "OSL" },
      country: { name: "Norway" },
    });
  });
});
