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

test("a finding that nobody has decided stops the seed with one line that names it", () => {
  const other: Finding = { ...twice, subject: "city 3, city 4" };
  expect(() => decide({ cities: [], airports }, [twice, other, other], [])).toThrow(
    /^The data has problems that atlas\/database\/decisions\.ts does not decide: city is listed once: city 1, city 2 \(0\.1 km apart\), and 2 more\.$/,
  );
});

test("a decision about another subject of the same rule does not count", () => {
  const elsewhere = { ...decision({ decision: "kept" }), subject: "city 1, city 3" };
  expect(() => decide({ cities: [], airports }, [twice], [elsewhere])).toThrow("city 1, city 2");
});

test("kept rows stay as they are", () => {
  const cities = [city(1, "A"), city(2, "A")];
  expect(decide({ cities, airports }, [twice], [decision({ decision: "kept" })]).cities).toEqual(cities);
});

test("of rows that are one too many, dropping removes the last, even when they share an id", () => {
  const cities = [city(1, "A"), city(2, "A"), city(3, "B")];
  const rows = decide({ cities, airports }, [twice], [decision({ decision: "dropped" })]);
  expect(rows.cities.map((row) => row.id)).toEqual([1, 3]);

  const sameId: Finding = { rule: "id is unique", subject: "city 1, city 1", detail: "" };
  const drop: Decision = { rule: "id is unique", subject: "city 1, city 1", decision: "dropped", reason: "copy" };
  const kept = decide({ cities: [city(1, "first"), city(1, "second")], airports }, [sameId], [drop]);
  expect(kept.cities.map((row) => row.name)).toEqual(["first"]);
});

test("a correction replaces the values that it names, of that row only", () => {
  const cities = [city(1, "A"), city(2, "A")];
  const fix = decision({ decision: "corrected", correction: { population: 7 } });
  expect(decide({ cities, airports }, [twice], [fix]).cities).toEqual([
    city(1, "A"),
    { ...city(2, "A"), population: 7 },
  ]);
});

test("no finding is decided twice, and every decision has a reason", () => {
  const subjects = decisions.map(({ rule, subject }) => `${rule}: ${subject}`);
  expect(new Set(subjects).size).toBe(subjects.length);
  for (const { reason } of decisions) expect(reason.length).toBeGreaterThan(10);
});
