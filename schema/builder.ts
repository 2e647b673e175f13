import SchemaBuilder from "@pothos/core";
import type { Context } from "../resolvers/context.ts";
import { type Scalars, scalars } from "./scalars.ts";

/** The one builder. It knows no type but scalars: each type's file implements its own on it. */
export const builder = createBuilder();

function createBuilder() {
  // Fields are non-null unless they say so.
  const empty = new SchemaBuilder<{
    Context: Context;
    DefaultFieldNullability: false;
    Scalars: Scalars & { ID: { Input: string | number; Output: string | number } };
  }>({ defaultFieldNullability: false });
  empty.addScalarType("Date", scalars.Date);
  empty.addScalarType("DateTime", scalars.DateTime);
  return empty;
}
