import type { AirportTable, CityTable } from "../../datasources/database.ts";
import type { Rule } from "./checks.ts";

/** The decision about the rows of one finding, and its reason. */
export interface Decision {
  readonly rule: Rule;
  /** The exact `subject` of the finding, so that changed data requires a new decision. */
  readonly subject: string;
  /** `dropped` removes, and `corrected` changes, the last row of the subject. */
  readonly decision: "kept" | "dropped" | "corrected";
  readonly reason: string;
  /** For `corrected`: the new values. */
  readonly correction?: Partial<CityTable> | Partial<AirportTable>;
}

/** Towns with the same name on both sides of a border. */
const twoTowns: readonly Decision[] = [
  bothKept(
    "city 4608657, city 4748993",
    "Bristol in Tennessee and in Virginia: the state line runs along its main street",
  ),
  bothKept("city 4927449, city 11820632", "Union City in Indiana and in Ohio, at the state line"),
  bothKept("city 5455381, city 5516368", "Anthony in New Mexico and in Texas, at the state line"),
  bothKept(
    "city 3615683, city 11675810",
    "Wiwilí de Jinotega and Wiwilí de Nueva Segovia, on the two banks of a river",
  ),
];

/** Either GeoNames has the city under two ids, or a city and a part of it; the package does not say which. */
const perhapsOneTown: readonly Decision[] = [
  "city 3686051, city 3686052",
  "city 587629, city 8181718",
  "city 661576, city 11593510",
  "city 2655705, city 6640065",
  "city 3047474, city 3053438",
  "city 3520000, city 3762771",
  "city 3827048, city 8859643",
  "city 3979846, city 11044505",
  "city 3985859, city 6618821",
  "city 4005937, city 8617692",
  "city 1282950, city 7963596",
  "city 5852773, city 5852774",
].map((subject) =>
  bothKept(subject, "two ids of GeoNames that other data may refer to; dropping one would be a guess"),
);

/** The seed fails for a finding without a decision. */
export const decisions: readonly Decision[] = [
  ...twoTowns,
  ...perhapsOneTown,
  {
    rule: "population is known",
    subject: "12788 cities",
    decision: "kept",
    reason: "0 means unknown; the source lists the seats of municipalities of any size",
  },
  {
    rule: "city is inhabited",
    subject: "39 cities",
    decision: "kept",
    reason: "abandoned, historical or destroyed places; the source lists them with their last population",
  },
];

function bothKept(subject: string, reason: string): Decision {
  return { rule: "city is listed once", subject, decision: "kept", reason };
}
