import type { DocumentLocation } from "./location.ts";

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly isRequired: boolean;
  /** Its description, or that of its schema. */
  readonly description: string;
  readonly schema: DocumentLocation | undefined;
  readonly style: string;
  readonly isExploded: boolean;
  /** Whether it has `content`, that is, it is sent as JSON or in another media type. */
  readonly hasContent: boolean;
  /** Whether reserved characters such as `/` are sent without percent-encoding. */
  readonly allowsReserved: boolean;
}

/** The parameters of these owners. Later ones override earlier ones with the same name and location. */
export function readParameters(owners: readonly DocumentLocation[]): Parameter[] {
  const locations = owners.flatMap((owner) => owner.at("parameters")?.items() ?? []);
  const parameters = locations.map((location) => readParameter(location.followed()));
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** The parameter for a placeholder of the path that the document does not describe. */
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

function readParameter(location: DocumentLocation): Parameter {
  const where = location.need("in").text();
  const style = location.textAt("style") || (where === "query" || where === "cookie" ? "form" : "simple");
  const explode = location.valueAt("explode");
  const schema = location.at("schema")?.followed();
  return {
    name: location.need("name").text(),
    in: where,
    isRequired: where === "path" || location.isTrue("required"),
    description: location.proseAt("description") || (schema?.proseAt("description") ?? ""),
    schema,
    style,
    isExploded: typeof explode === "boolean" ? explode : style === "form",
    hasContent: location.at("content") !== undefined,
    allowsReserved: location.isTrue("allowReserved"),
  };
}
