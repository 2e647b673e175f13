import { badUserInput } from "tributary-graphql";
import type { Currency } from "../datasources/currency.ts";
import type { RateChange } from "../datasources/rate-subscriber.ts";
import type { Context } from "./context.ts";

export async function currencyByCode(
  _root: unknown,
  { code }: { code: string },
  { sources }: Context,
): Promise<Currency | null> {
  return sources.currencies.byCode(currencyCode("code", code));
}

export async function rateOf(currency: Currency, { to }: { to: string }, { sources }: Context): Promise<number | null> {
  return sources.currencies.rate(currency.code, currencyCode("to", to));
}

/** The current rate, then each change. */
export function subscribeToRate(
  _root: unknown,
  { base, to }: { base: string; to: string },
  { sources }: Context,
): AsyncIterable<RateChange> {
  return sources.rateFeed.subscribe({ from: currencyCode("base", base), to: currencyCode("to", to) });
}

function currencyCode(argument: string, code: string): string {
  if (!/^[A-Za-z]{3}$/.test(code)) {
    throw badUserInput(`${argument}: expected an ISO 4217 code of 3 letters, got ${JSON.stringify(code)}.`);
  }
  return code.toUpperCase();
}
