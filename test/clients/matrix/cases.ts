/** What goes wrong on the server while a case runs. */
export type Fault = "sun" | "time zone";

export interface Asked {
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One thing that a client has to manage. */
export interface Case {
  /** The column of the table. */
  readonly title: string;
  /** What is asked at the same time, by one client. */
  readonly asked: readonly Asked[];
  readonly fault?: Fault;
  /** The client is to show a part of the answer before the rest is there. False: there is no rest. */
  readonly inParts: boolean;
  /**
   * The fragment that is missing in the end because it failed. Without @defer its null would have taken the place of
   * what surrounds it; with @defer what surrounds it is shown already, and stays.
   */
  readonly missing?: string;
}

/**
 * What the cases ask for. Fragments have names, and theirs begin like those of the operations, because Relay's compiler
 * demands it; to the other clients it makes no difference.
 */
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
  { title: "defer", asked: [{ operationName: "countryDeferQuery", variables: norway }], inParts: true },
  { title: "nested defers", asked: [{ operationName: "countryNestedQuery", variables: norway }], inParts: true },
  {
    title: "overlapping fragments",
    asked: [{ operationName: "countryOverlapQuery", variables: norway }],
    inParts: true,
  },
  { title: "defer in a list", asked: [{ operationName: "countryListQuery", variables: norway }], inParts: true },
  { title: "stream", asked: [{ operationName: "countryStreamQuery", variables: norway }], inParts: true },
  {
    title: "stream, defer inside",
    asked: [{ operationName: "countryStreamDeferQuery", variables: norway }],
    inParts: true,
  },
  {
    title: "nullable error",
    asked: [{ operationName: "countryDeferQuery", variables: norway }],
    fault: "sun",
    inParts: true,
  },
  {
    title: "non-null error",
    asked: [{ operationName: "countryZoneQuery", variables: norway }],
    fault: "time zone",
    inParts: true,
    missing: "country_zone",
  },
  {
    title: "`if: true`",
    asked: [{ operationName: "countryIfQuery", variables: { ...norway, later: true } }],
    inParts: true,
  },
  {
    title: "`if: false`",
    asked: [{ operationName: "countryIfQuery", variables: { ...norway, later: false } }],
    inParts: false,
  },
  {
    title: "two at once",
    asked: [
      { operationName: "countryDeferQuery", variables: norway },
      { operationName: "countryDeferQuery", variables: { code: "SE" } },
    ],
    inParts: true,
  },
];
