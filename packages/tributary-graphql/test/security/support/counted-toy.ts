import { type ToyGateway, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";

const sdl = `
  type Query { a(n: Int, text: String, secret: String): Int later: Int fails: Int nodes(first: Int = 3): [Node!] }
  type Node { id: Int! name: String node: Node nodes(first: Int = 3): [Node!] }
  type Mutation { set(n: Int): Int }
  type Subscription { ticks: Int }
`;

export interface CountedToy extends ToyGateway {
  readonly url: string;
  readonly port: number;
  /** How many resolvers have run. */
  readonly runs: number;
}

/** A gateway that listens, and counts how often a resolver has run. */
export async function countedToy(options: ToyOptions = {}): Promise<CountedToy> {
  let runs = 0;
  const counted =
    <Result>(resolve: () => Result) =>
    (): Result => {
      runs += 1;
      return resolve();
    };
  const nodes = () => [1, 2, 3].map((id) => ({ id, name: `node ${id}`, node: { id: 0 } }));
  const toy = toyGateway(
    sdl,
    {
      Query: {
        a: counted(() => 1),
        later: counted(async () => 2),
        fails: counted(() => {
          throw new Error("the password of postgres://app:hunter2@db.internal/app is wrong");
        }),
        nodes: counted(nodes),
      },
      Node: { nodes: counted(nodes) },
      Mutation: { set: counted(() => 1) },
      Subscription: {
        ticks: async function* () {
          runs += 1;
          yield { ticks: 1 };
        },
      },
    },
    options,
  );
  const { url, port } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return {
    ...toy,
    url,
    port,
    get runs() {
      return runs;
    },
  };
}
