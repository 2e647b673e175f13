import type { HttpContender } from "./contender.ts";
import { ours } from "./gateway-contender.ts";
import { hiveGateway } from "./hive-contender.ts";
import { nodePeer } from "./node-contender.ts";
import { pythonPeer } from "./python-contender.ts";
import { tailcall } from "./tailcall-contender.ts";
import { type WorkloadName, withUniqueNames } from "./workloads.ts";

const byHand = (mode: string): HttpContender => nodePeer("by-hand", "by hand", "by-hand.js", mode);

const gatewaysOfPosts: readonly HttpContender[] = [
  ours("posts"),
  tailcall({ dedupe: true }),
  tailcall({ dedupe: false }),
  nodePeer("mercurius", "Mercurius, JIT and loaders", "mercurius.js"),
  nodePeer("yoga", "GraphQL Yoga with DataLoader", "yoga.js"),
  nodePeer("apollo", "Apollo Server with DataLoader", "apollo.js"),
  hiveGateway,
];

/** The same page as a query of PostGraphile's schema. */
const postgraphile: HttpContender = {
  ...nodePeer("postgraphile", "PostGraphile 5", "postgraphile.js"),
  bodies: withUniqueNames(`{
        countries: allCountriesList(first: 50) {
          name
          cities: citiesByCountryCodeList(first: 5, orderBy: [POPULATION_DESC, ROW_ID_ASC]) {
            name population country: countryByCountryCode { name }
          }
        }
      }`),
};

const pythonPeers = [
  pythonPeer("quart", "each"),
  pythonPeer("flask-asyncio", "each"),
  pythonPeer("flask", "each"),
  pythonPeer("quart", "batch"),
  pythonPeer("flask-asyncio", "batch"),
  pythonPeer("flask", "batch"),
];

const serversOfPages: readonly HttpContender[] = [
  nodePeer("by-hand", "by hand", "by-hand-pages.js"),
  nodePeer("by-hand-two", "by hand, one statement less", "by-hand-pages.js", "two"),
  ours("pages"),
  postgraphile,
  nodePeer("yoga", "GraphQL Yoga with DataLoader", "yoga.js", "pages"),
  nodePeer("apollo", "Apollo Server with DataLoader", "apollo.js", "pages"),
];

/** The contenders of each workload. The first one is the reference. */
export const contendersOf: Readonly<Record<WorkloadName, readonly HttpContender[]>> = {
  greet: [
    nodePeer("by-hand", "`node:http` alone", "raw-greet.js"),
    nodePeer("by-hand-body", "by hand, reading the body", "by-hand.js", "greet"),
    ...gatewaysOfPosts.filter(({ name }) => name !== "tailcall-dedupe"),
  ],
  posts: [byHand("posts"), ...gatewaysOfPosts],
  variables: [byHand("posts"), ...gatewaysOfPosts],
  identical: [byHand("posts"), ...gatewaysOfPosts],
  titles: [byHand("titles"), ...gatewaysOfPosts],
  python: [byHand("posts"), ours("posts"), ...pythonPeers],
  pages: serversOfPages,
  "pages-identical": serversOfPages.map(({ bodies, ...server }) => ({
    ...server,
    ...(bodies && { bodies: bodies.slice(0, 1) }),
  })),
};
