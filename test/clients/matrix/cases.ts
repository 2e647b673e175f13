/** An error on the server during a case. */
export type Fault = "sun" | "time zone";

export interface OperationRequest {
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A case for every client. */
export interface Case {
  /** The column of the table. */
  readonly title: string;
  /** The concurrent requests of one client. */
  readonly requests: readonly OperationRequest[];
  readonly fault?: Fault;
  /** Whether the client has to show a part of the result before the rest. */
  readonly isIncremental: boolean;
  /**
   * The deferred fragment that fails with a non-null error. Without @defer null would propagate to its parent; with
   * @defer the parent was already delivered and keeps its data.
   */
  readonly failedFragment?: string;
}

/** The operations of the cases. Relay's compiler requires named fragments, with names that start like the operations. */
export const document = `
  query countryDeferQuery($code: String!) {
    country(code: $code) { id name ...country_sun @defer }
  }
  query countryNestedQuery($code: String!) {
    country(code: $code) { id name ...country_capital @defer }
  }
  query countryOverlapQuery($code: String!) {
    country(code: $code) { id name ...country_sunrise @defer ...country_sunset @defer }
  }
  query countryListQuery($code: String!) {
    country(code: $code) { id name borders { id name ...country_sun @defer } }
  }
  query countryStreamQuery($code: String!) {
    country(code: $code) { id name borders @stream(initialCount: 1) { id name officialName } }
  }
  query countryStreamDeferQuery($code: String!) {
    country(code: $code) { id name borders @stream(initialCount: 1) { id name ...country_sun @defer } }
  }
  query countryZoneQuery($code: String!) {
    country(code: $code) { id name capital { id name ...country_zone @defer } }
  }
  query countryIfQuery($code: String!, $later: Boolean!) {
    country(code: $code) { id name ...country_sun @defer(if: $later) }
  }
  fragment country_sun on Country { capital { id sun { sunrise sunset } } }
  fragment country_capital on Country { capital { id name ...country_sunOfCity @defer } }
  fragment country_sunOfCity on City { population sun { sunrise } }
  fragment country_sunrise on Country { capital { id name sun { sunrise solarNoon } } }
  fragment country_sunset on Country { capital { id population sun { sunset solarNoon } } }
  fragment country_zone on City { timeZone }
`;

const norway = { code: "NO" };

export const cases: readonly Case[] = [
  { title: "defer", requests: [{ operationName: "countryDeferQuery", variables: norway }], isIncremental: true },
  {
    title: "nested defers",
    requests: [{ operationName: "countryNestedQuery", variables: norway }],
    isIncremental: true,
  },
  {
    title: "overlapping fragments",
    requests: [{ operationName: "countryOverlapQuery", variables: norway }],
    isIncremental: true,
  },
  {
    title: "defer in a list",
    requests: [{ operationName: "countryListQuery", variables: norway }],
    isIncremental: true,
  },
  { title: "stream", requests: [{ operationName: "countryStreamQuery", variables: norway }], isIncremental: true },
  {
    title: "stream, defer inside",
    requests: [{ operationName: "countryStreamDeferQuery", variables: norway }],
    isIncremental: true,
  },
  {
    title: "nullable error",
    requests: [{ operationName: "countryDeferQuery", variables: norway }],
    fault: "sun",
    isIncremental: true,
  },
  {
    title: "non-null error",
    requests: [{ operationName: "countryZoneQuery", variables: norway }],
    fault: "time zone",
    isIncremental: true,
    failedFragment: "country_zone",
  },
  {
    title: "`if: true`",
    requests: [{ operationName: "countryIfQuery", variables: { ...norway, later: true } }],
    isIncremental: true,
  },
  {
    title: "`if: false`",
    requests: [{ operationName: "countryIfQuery", variables: { ...norway, later: false } }],
    isIncremental: false,
  },
  {
    title: "concurrent queries",
    requests: [
      { operationName: "countryDeferQuery", variables: norway },
      { operationName: "countryDeferQuery", variables: { code: "SE" } },
    ],
    isIncremental: true,
  },
];
