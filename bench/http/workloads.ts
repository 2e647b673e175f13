/** The requests to all contenders, which must have the same result. */
export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  /** The query and its calls, for the report. */
  readonly description: string;
  /** The bodies of the POST requests, sent round-robin. */
  readonly bodies: readonly string[];
  /** The expected throughput of the gateway. */
  readonly goal: Goal;
}

/** A throughput relative to that of another contender. */
export interface Goal {
  readonly times: number;
  /** The name of the contender. */
  readonly of: string;
}

export const queries = {
  greet: "{ greet }",
  titles: "{ posts { title } }",
  posts: "{ posts { id userId title user { id name email } } }",
  pages: "{ countries(first: 50) { name cities(first: 5) { name population country { name } } } }",
} as const;

/** One per connection, so that no two requests in flight are identical. */
const variants = 64;

const body = (query: string, variables?: object): string => JSON.stringify({ query, variables });

/** The query with 64 operation names: different texts with the same work and result. */
export const withUniqueNames = (query: string): string[] =>
  Array.from({ length: variants }, (_, index) => body(`query Page${index} ${query}`));

const flags = ["a", "b", "c", "d", "e", "f"];

/** One text with 64 sets of variables. The variables switch fields that are also selected without them: equal results. */
const switchedQuery = `query Posts(${flags.map((flag) => `$${flag}: Boolean!`).join(" ")}) {
  posts {
    id userId title user { id name email }
    id @include(if: $a) userId @skip(if: $b) title @include(if: $c)
    user @include(if: $d) { id name @skip(if: $e) email @include(if: $f) }
  }
}`;

const differentVariables = Array.from({ length: variants }, (_, index) =>
  body(switchedQuery, Object.fromEntries(flags.map((flag, bit) => [flag, ((index >> bit) & 1) === 1]))),
);

const postsQuery =
  "`{ posts { id userId title user { id name email } } }`: 100 posts of 10 users, in two calls, `/posts` and one `/users?id=1&id=2…`.";

export const workloads = {
  greet: {
    title: "A greeting",
    description: "`{ greet }`: no call to a source, only HTTP and GraphQL. The first server does not read the request.",
    bodies: [body(queries.greet)],
    goal: { times: 0.8, of: "by-hand" },
  },
  posts: {
    title: "Posts and users, 64 different texts",
    description: `${postsQuery} Each of 64 connections sends another text, so that no two requests in flight are the same.`,
    bodies: withUniqueNames(queries.posts),
    goal: { times: 0.75, of: "by-hand" },
  },
  variables: {
    title: "Posts and users, 64 different variables",
    description:
      "The same fields in one text with six variables, 64 sets of them: `@include` and `@skip` on fields that are selected anyway.",
    bodies: differentVariables,
    goal: { times: 0.75, of: "by-hand" },
  },
  identical: {
    title: "Posts and users, identical requests",
    description: `${postsQuery} All 64 connections send the same.`,
    bodies: [body(queries.posts)],
    goal: { times: 3, of: "by-hand" },
  },
  titles: {
    title: "Post titles",
    description: "`{ posts { title } }`: one call, with a body of 26 kB. Each of 64 connections sends another text.",
    bodies: withUniqueNames(queries.titles),
    goal: { times: 0.75, of: "by-hand" },
  },
  python: {
    title: "Posts and users beside Python",
    description: `${postsQuery} The services in Python, one process each, ask for the users one by one, as such services mostly do, or in one call.`,
    bodies: withUniqueNames(queries.posts),
    goal: { times: 10, of: "quart" },
  },
  pages: {
    title: "Countries with their cities, PostgreSQL",
    description:
      "50 countries with five cities each and the cities' country: three statements. Each of 64 connections sends another text. PostgreSQL runs on the core of the load and can be what they wait for: CPU time tells the servers apart.",
    bodies: withUniqueNames(queries.pages),
    goal: { times: 0.75, of: "by-hand" },
  },
  "pages-identical": {
    title: "Countries with their cities, PostgreSQL, identical requests",
    description: "The same page, asked for by all 64 connections in the same words.",
    bodies: [body(queries.pages)],
    goal: { times: 0.75, of: "by-hand" },
  },
} as const satisfies Readonly<Record<string, Omit<Workload, "name">>>;

export type WorkloadName = keyof typeof workloads;

export const workload = (name: WorkloadName): Workload => ({ name, ...workloads[name] });
