import SchemaBuilder from "@pothos/core";
import type { Context } from "../resolvers/context.ts";

/** The one builder. It knows no type: each type's file implements its own on it. Fields are non-null unless they say so. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string | number; Output: string | number };
    Date: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
  };
}>({ defaultFieldNullability: false });
