import type { RateChange } from "../datasources/rate-subscriber.ts";
import { subscribeToRate } from "../resolvers/currency.ts";
import { builder } from "./builder.ts";

export const RateChangeType = builder.objectRef<RateChange>("RateChange").implement({
  description: "An exchange rate at one time.",
  fields: (t) => ({
    base: t.exposeString("from", { description: "ISO 4217 code of the currency that is bought with." }),
    to: t.exposeString("to", { description: "ISO 4217 code of the currency that is bought." }),
    rate: t.exposeFloat("rate", {
      nullable: true,
      description: "How much of `to` one unit of `base` buys; null where no rate is known.",
    }),
    previousRate: t.exposeFloat("previousRate", {
      nullable: true,
      description: "The rate in the event before this one; null in the first one, and where none was known.",
    }),
    at: t.expose("at", { type: "DateTime", description: "When the rate was read." }),
  }),
});

builder.subscriptionField("rateChanged", (t) =>
  t.field({
    type: RateChangeType,
    description:
      "The rate between two currencies: at once, and then whenever it has changed. A client that is slow to take its " +
      "events gets the latest one, without those that came in between.",
    args: {
      base: t.arg.string({
        required: true,
        description: "ISO 4217 code of the currency that is bought with, in any case.",
      }),
      to: t.arg.string({ required: true, description: "ISO 4217 code of the currency that is bought, in any case." }),
    },
    subscribe: subscribeToRate,
    resolve: (change) => change,
  }),
);
