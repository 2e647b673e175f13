import { isDeepStrictEqual } from "node:util";
import type { Driver, Operation } from "./driver.ts";
import { type Outcome, withoutTypenames } from "./run-case.ts";

const pair = { base: "EUR", to: "NOK" };

const operation: Operation = {
  name: "Rate",
  query: "subscription Rate($base: String!, $to: String!) { rateChanged(base: $base, to: $to) { base to rate } }",
  variables: pair,
};

/** Subscribes with a client, checks the first event, and unsubscribes. */
export async function runSubscription(driver: Driver, url: string): Promise<Outcome> {
  if (!driver.supportsSubscriptions) return { verdict: "-", note: "" };
  const expected = { rateChanged: { ...pair, rate: await plainRate(url) } };
  const connection = await driver.connect(url, fetch);
  try {
    for await (const { data, errors } of connection.run(operation)) {
      if (errors.length === 0 && isDeepStrictEqual(withoutTypenames(data), expected))
        return { verdict: "yes", note: "" };
      return { verdict: "no", note: `First event: ${JSON.stringify({ data, errors })}` };
    }
    return { verdict: "no", note: "No event." };
  } catch (error) {
    return { verdict: "no", note: String(error) };
  } finally {
    await connection.close();
  }
}

async function plainRate(url: string): Promise<unknown> {
  const query = `{ currency(code: "${pair.base}") { rate(to: "${pair.to}") } }`;
  const response = await fetch(`${url}?${new URLSearchParams({ query })}`);
  const { data } = await response.json();
  return data.currency.rate;
}
