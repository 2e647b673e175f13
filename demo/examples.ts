/** What GraphiQL opens with: one tab each, the first one showing what `@defer` does. */
export const exampleQueries = [
  {
    query: `# A country page. What the database and the countries service know comes first;
# the sun service is slow, and its part follows when it is there. Press the play button.
query CountryPage {
  country(code: "NO") {
    flag
    name
    officialName
    languages
    currencies { code name rate(to: "EUR") }
    borders { flag name }
    cities(first: 5) { totalCount nodes { name population } }
    capital {
      name
      ... @defer(label: "sun") {
        sun { sunrise sunset dayLengthMinutes }
      }
    }
  }
}
`,
  },
  {
    query: `# Fifty countries with their capitals, currencies and neighbours: as many calls to the sources as for five.
# Ask for the list of calls by adding {"x-tributary-calls": "1"} under Headers.
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
  },
  {
    query: `# The largest cities of the world with the airports around them.
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
    query: `# Countries, cities and airports by name or code, in any spelling.
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
