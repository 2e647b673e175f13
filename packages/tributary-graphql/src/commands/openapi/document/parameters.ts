import type { Place } from "./place.ts";

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly isRequired: boolean;
  /** Its own words, or those of its schema. */
  readonly description: string;
  readonly schema: Place | undefined;
  readonly style: string;
  readonly isExploded: boolean;
  /** Whether it is sent as JSON, or as whatever else its `content` says. */
  readonly hasContent: boolean;
  /** Whether characters such as `/` are sent as they are. */
  readonly allowsReserved: boolean;
}

/** Those of later owners stand in for those of earlier ones with the same name and place. */
export function readParameters(owners: readonly Place[]): Parameter[] {
  const places = owners.flatMap((owner) => owner.at("parameters")?.items() ?? []);
  const parameters = places.map((place) => readParameter(place.followed()));
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** A value of the path that no parameter describes. */
export const undescribed = (name: string): Parameter => ({
  name,
  in: "path",
  isRequired: true,
  description: "",
  schema: undefined,
  style: "simple",
  isExploded: false,
  hasContent: false,
  allowsReserved: false,
});

function readParameter(place: Place): Parameter {
  const where = place.need("in").text();
  const style = place.textAt("style") || (where === "query" || where === "cookie" ? "form" : "simple");
  const explode = place.valueAt("explode");
  const schema = place.at("schema")?.followed();
  return {
    name: place.need("name").text(),
    in: where,
    isRequired: where === "path" || place.isTrue("required"),
    description: place.proseAt("description") || (schema?.proseAt("description") ?? ""),
    schema,
    style,
    isExploded: typeof explode === "boolean" ? explode : style === "form",
    hasContent: place.at("content") !== undefined,
    allowsReserved: place.isTrue("allowReserved"),
  };
}
