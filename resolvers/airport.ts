import type { GraphQLResolveInfo } from "graphql";
import { badUserInput } from "tributary-graphql";
import { selectedProperties } from "tributary-graphql/pothos";
import type { Airport } from "../datasources/airport.ts";
import type { Context } from "./context.ts";

export async function airportByIata(
  _root: unknown,
  { iata }: { iata: string },
  { sources }: Context,
  info: GraphQLResolveInfo,
): Promise<Airport | null> {
  if (!/^[A-Za-z0-9]{3}$/.test(iata)) {
    throw badUserInput(`iata: expected an IATA code of 3 letters or digits, got ${JSON.stringify(iata)}.`);
  }
  return sources.airports.byIata(iata.toUpperCase(), selectedProperties<Airport>(info, "Airport"));
}
