import type { Currency } from "../datasources/currency.ts";
import { currencyByCode, rateOf } from "../resolvers/currency.ts";
import { builder } from "./builder.ts";

export const CurrencyType = builder.objectRef<Currency>("Currency").implement({
  description: "A currency with an ISO 4217 code.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "ISO 4217 code, such as `EUR`." }),
    name: t.exposeString("name", { description: "English name." }),
    symbol: t.exposeString("symbol", {
      nullable: true,
      description: "Symbol, such as `€`; null if there is none.",
    }),
    rate: t.float({
      nullable: true,
      description: "Exchange rate: units of the currency `to` per unit of this one; null if unknown.",
      args: {
        to: t.arg.string({ required: true, description: "ISO 4217 code of the other currency; upper or lower case." }),
      },
      weight: 1,
      resolve: rateOf,
    }),
  }),
});

builder.queryField("currency", (t) =>
  t.field({
    type: CurrencyType,
    nullable: true,
    description: "The currency with this code; null if there is none.",
    args: { code: t.arg.string({ required: true, description: "ISO 4217 code; upper or lower case." }) },
    resolve: currencyByCode,
  }),
);
