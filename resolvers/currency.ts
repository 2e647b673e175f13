import type { Currency } from "../datasources/currency.ts";
import { badUserInput } from "../datasources/errors.ts";
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

function currencyCode(argument: string, code: string): string {
  if (!/^[A-Za-z]{3}$/.test(code)) {
    throw badUserInput(`${argument}: expected an ISO 4217 code of 3 letters, got ${JSON.stringify(code)}.`);
  }
  return code.toUpperCase();
}
