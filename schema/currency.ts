import type { Currency } from "../datasources/currency.ts";
import { currencyByCode, rateOf } from "../resolvers/currency.ts";
import { builder } from "./builder.ts";

export const CurrencyType = builder.objectRef<Currency>("Currency").implement({
  description: "A currency with an ISO 4217 code.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "ISO 4217, `EUR`." }),
    name: t.exposeString("name", { description: "The English name." }),
    symbol: t.exposeString("symbol", {
      nullable: true,
      description: "What stands beside an amount, `€`; null where there is none.",
    }),
    rate: t.float({
      nullable: true,
      description: "How much of another currency one unit buys; null where no rate is known.",
      args: { to: t.arg.string({ required: true, description: "ISO 4217 code of the other currency, in any case." }) },
      resolve: rateOf,
    }),
  }),
});

builder.queryField("currency", (t) =>
  t.field({
    type: CurrencyType,
    nullable: true,
    description: "The currency with this code; null when there is none.",
    args: { code: t.arg.string({ required: true, description: "ISO 4217 code, in any case." }) },
    resolve: currencyByCode,
  }),
);
