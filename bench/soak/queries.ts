/** Short, valid queries with nested lists that multiply, or with many calls to a source. */
export const largeQueries: Readonly<Record<string, string>> = {
  "borders six deep": `{ countries(first: 250) { nodes { ${nested("borders", 6)} } } }`,
  "borders five deep": `{ countries(first: 250) { nodes { ${nested("borders", 5)} } } }`,
  "pages of cities under aliases": `{ ${aliases(600, (n) => `c${n}: cities(first: 100) { nodes { id } }`)} }`,
  "cities of countries of cities": `{ cities(first: 100) { nodes { country { cities(first: 100) { nodes { country {
    cities(first: 100) { nodes { name } } } } } } } } }`,
  "days of sun": `{ cities(first: 100) { nodes { ${aliases(850, (n) => `d${n}: sun(date: "${day(n)}") { solarNoon }`)} } } }`,
  "radii of airports": `{ cities(first: 100) { nodes { ${aliases(700, (n) => `r${n}: nearestAirports(withinKm: ${n + 1}) { distanceKm }`)} } } }`,
  searches: `{ ${aliases(600, (n) => `s${n}: search(text: "${letters(n)}", first: 50) { __typename }`)} }`,
  "deferred borders": `{ __typename ... @defer { countries(first: 250) { nodes { ${nested("borders", 6)} } } } }`,
  "streamed borders": `{ countries(first: 250) { nodes @stream(initialCount: 1) { ${nested("borders", 5)} } } }`,
  "the schema under aliases": `{ ${aliases(600, (n) => `s${n}: __schema { types { fields { name } } }`)} }`,
};

/** The ordinary queries. */
export const ordinaryQueries: readonly string[] = [
  `{ country(code: "NO") { name capital { name } } }`,
  "{ cities(first: 10) { nodes { name population } } }",
  `{ search(text: "ber", first: 5) { __typename } }`,
  "{ __typename }",
];

function nested(field: string, depth: number): string {
  return `${`${field} { `.repeat(depth)}name${" }".repeat(depth)}`;
}

function aliases(count: number, field: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => field(number)).join(" ");
}

/** Two letters, different for each of 676 numbers. */
function letters(number: number): string {
  return String.fromCharCode(97 + (number % 26), 97 + (Math.floor(number / 26) % 26));
}

function day(number: number): string {
  return new Date(Date.UTC(2025, 0, 1 + number)).toISOString().slice(0, 10);
}
