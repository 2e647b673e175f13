import { expect, test } from "vitest";
import type { Finding } from "../../../atlas/database/checks.ts";
import { decide } from "../../../atlas/database/decide.ts";
import { type Decision, decisions } from "../../../atlas/database/decisions.ts";
import type { AirportTable, CityTable } from "../../../datasources/database.ts";

const city = (id: number, name: string): CityTable => ({
  id,
  name,
  name_key: name.toLowerCase(),
  country_code: "DE",
  population: 1,
  latitude: 50,
  longitude: 10,
  time_zone: "Europe/Berlin",
  feature_code: "PPL",
});

const airports: AirportTable[] = [];
const twice: Finding = { rule: "city is listed once", subject: "city 1, city 2", detail: "0.1 km apart" };
const decision = (rest: Pick<Decision, "decision" | "correction">): Decision => ({
  rule: twice.rule,
  subject: twice.subject,
  reason: "because",
  ...rest,
});

test("a finding without a decision fails the seed with a message of one line that names it", () => {
  const other: Finding = { ...twice, subject: "city 3, city 4" };
  expect(() => decide({ cities: [], airports }, [twice, other, other], [])).toThrow(
    /^The data has findings without a decision in atlas\/database\/decisions\.ts: city is listed once: city 1, city 2 \(0\.1 km apart\), and 2 more\.$/,
  );
});

test("a decision about another subject of the same rule does not apply", () => {
  const elsewhere = { ...decision({ decision: "kept" }), subject: "city 1, city 3" };
  expect(() => decide({ cities: [], airports }, [twice], [elsewhere])).toThrow("city 1, city 2");
});

test("kept rows are unchanged", () => {
  const cities = [city(1, "A"), city(2, "A")];
  expect(decide({ cities, airports }, [twice], [decision({ decision: "kept" })]).cities).toEqual(cities);
});

test("a drop removes the last row of the subject, even if the rows share an id", () => {
  const cities = [city(1, "A"), city(2, "A"), city(3, "B")];
  const rows = decide({ cities, airports }, [twice], [decision({ decision: "dropped" })]);
  expect(rows.cities.map((row) => row.id)).toEqual([1, 3]);

  const sameId: Finding = { rule: "id is unique", subject: "city 1, city 1", detail: "" };
  const drop: Decision = { rule: "id is unique", subject: "city 1, city 1", decision: "dropped", reason: "copy" };
  const kept = decide({ cities: [city(1, "first"), city(1, "second")], airports }, [sameId], [drop]);
  expect(kept.cities.map((row) => row.name)).toEqual(["first"]);
});

test("a correction replaces only its values, only in the last row of the subject", () => {
  const cities = [city(1, "A"), city(2, "A")];
  const fix = decision({ decision: "corrected", correction: { population: 7 } });
  expect(decide({ cities, airports }, [twice], [fix]).cities).toEqual([
    city(1, "A"),
    { ...city(2, "A"), population: 7 },
  ]);
});

test("there is one decision per finding, and every decision has a reason", () => {
  const subjects = decisions.map(({ rule, subject }) => `${rule}: ${subject}`);
  expect(new Set(subjects).size).toBe(subjects.length);
  for (const { reason } of decisions) expect(reason.length).toBeGreaterThan(10);
});
