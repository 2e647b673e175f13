/** The initial tabs of GraphiQL. The first one shows `@defer`. */
export const exampleQueries = [
  {
    query: `# A country page. Press the play button: the data of
# the database and the countries service comes first;
# the sun is deferred, because its service is slow.
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
    query: `# Fifty countries with capitals, currencies and borders
# make as many calls to the sources as five countries.
# The header below adds the list of calls to the result.
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
# Case and accents are ignored.
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
