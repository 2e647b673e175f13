import SchemaBuilder from "@pothos/core";
import type { Context } from "../resolvers/context.ts";
import { type Scalars, scalars } from "./scalars.ts";

/** The schema builder, with the scalars. Each type is added by its own file. */
export const builder = createBuilder();

function createBuilder() {
  const withScalars = new SchemaBuilder<{
    Context: Context;
    DefaultFieldNullability: false;
    Scalars: Scalars & { ID: { Input: string | number; Output: string | number } };
  }>({ defaultFieldNullability: false });
  withScalars.addScalarType("Date", scalars.Date);
  withScalars.addScalarType("DateTime", scalars.DateTime);
  return withScalars;
}
