/** The operations that GraphiQL opens with, one tab each. The first one shows `@defer`. */
export const exampleQueries = [
  {
    query: `# A country page. Press the play button: what the
# database and the countries service know comes first,
# and the sun follows, whose service is slow.
query CountryPage {
  country(code: "NO") {
    flag
    name
    capital {
      name
      ... @defer(label: "sun") {
        sun { sunrise sunset dayLengthMinutes }
      }
    }
    languages
    currencies { code name rate(to: "EUR") }
    cities(first: 3) {
      totalCount
      nodes { name population }
    }
    borders { flag name }
  }
}
`,
  },
  {
    query: `# Fifty countries with their capitals, currencies and
# neighbours take as many calls to the sources as five:
# the header below has the calls listed at the end.
query Countries {
  countries(first: 50, region: EUROPE) {
    totalCount
    nodes {
      flag
      name
      capital { name population }
      currencies { code rate(to: "USD") }
      borders { name }
    }
  }
}
`,
    headers: `{ "x-tributary-calls": "1" }`,
  },
  {
    query: `# The largest cities of the world, and the airports
# around each.
query Cities($after: String) {
  cities(first: 10, after: $after) {
    nodes {
      name
      population
      timeZone
      country { flag name }
      nearestAirports(first: 2, withinKm: 60) { distanceKm airport { iata name } }
    }
    pageInfo { endCursor hasNextPage }
  }
}
`,
  },
  {
    query: `# Countries, cities and airports by name or code.
# Case and accents do not count.
query Search($text: String!) {
  search(text: $text) {
    __typename
    ... on Country { flag name }
    ... on City { name population country { name } }
    ... on Airport { iata name municipality }
  }
}
`,
    variables: `{ "text": "sao paulo" }`,
  },
] as const;
