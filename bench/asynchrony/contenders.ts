import { fileURLToPath } from "node:url";
import type { HttpContender } from "../http/contender.ts";
import { ours } from "../http/gateway-contender.ts";
import { nodePeer } from "../http/node-contender.ts";
import { pythonPeer } from "../http/python-contender.ts";

export const pageNames = ["posts", "country"] as const;
export type PageName = (typeof pageNames)[number];

export const pages = {
  posts: {
    title: "Posts with their users",
    description: "The posts, then their ten users: eleven calls one by one, two in batches.",
    query: "{ posts { id userId title user { id name email } } }",
  },
  country: {
    title: "A country with its neighbors",
    description: "Germany, then its nine neighbors and the table of rates: eleven calls one by one, three in batches.",
    query:
      '{ country(code: "DE") { name flag currencies { code rate(to: "EUR") } borders { name flag currencies { code rate(to: "EUR") } } } }',
  },
} as const satisfies Readonly<Record<PageName, object>>;

const python = (page: PageName, name: "quart" | "flask" | "flask-asyncio") =>
  pythonPeer(name, "each", page === "country" ? "/country" : "/graphql");

/** The gateway is the reference: a contender with another result is not measured. */
export const contendersOf = (page: PageName): readonly HttpContender[] => [
  page === "posts" ? ours("posts") : atlas,
  nodePeer("parallel", "by hand, side by side", "by-hand-concurrency.js", `${page}:parallel`),
  python(page, "quart"),
  python(page, "flask-asyncio"),
  nodePeer("one-by-one", "by hand, one after another", "by-hand-concurrency.js", `${page}:one-by-one`),
  python(page, "flask"),
];

/** Filled at the first run, and reused. */
const databaseFile = fileURLToPath(new URL("../../.data/bench-atlas.sqlite", import.meta.url));

const atlas: HttpContender = {
  name: "ours",
  title: "Tributary",
  prepare: async ({ upstream }) => ({
    command: [
      process.execPath,
      fileURLToPath(new URL("../server.ts", import.meta.url)),
      ...["--graph", "atlas", "--database", `sqlite:${databaseFile}`],
    ],
    environment: {
      COUNTRIES_URL: `${upstream}/countries-api`,
      RATES_URL: `${upstream}/rates-api`,
      SUN_URL: `${upstream}/sun-api`,
    },
  }),
};
