import type { RateChange } from "../datasources/rate-subscriber.ts";
import { subscribeToRate } from "../resolvers/currency.ts";
import { builder } from "./builder.ts";

export const RateChangeType = builder.objectRef<RateChange>("RateChange").implement({
  description: "An exchange rate at a point in time.",
  fields: (t) => ({
    base: t.exposeString("from", { description: "ISO 4217 code of the base currency." }),
    to: t.exposeString("to", { description: "ISO 4217 code of the quote currency." }),
    rate: t.exposeFloat("rate", {
      nullable: true,
      description: "Units of `to` per unit of `base`; null if unknown.",
    }),
    previousRate: t.exposeFloat("previousRate", {
      nullable: true,
      description: "Rate in the previous event; null in the first event, and if it was unknown.",
    }),
    at: t.expose("at", { type: "DateTime", description: "Time at which the rate was read." }),
  }),
});

builder.subscriptionField("rateChanged", (t) =>
  t.field({
    type: RateChangeType,
    description:
      "The exchange rate between two currencies: the current rate, then each change. A client that reads slowly gets " +
      "the latest event; earlier unread events are dropped.",
    args: {
      base: t.arg.string({
        required: true,
        description: "ISO 4217 code of the base currency; upper or lower case.",
      }),
      to: t.arg.string({ required: true, description: "ISO 4217 code of the quote currency; upper or lower case." }),
    },
    subscribe: subscribeToRate,
    resolve: (change) => change,
  }),
);
