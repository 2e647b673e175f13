import {
  startingToyGateway,
  type ToyGateway,
  type ToyOptions,
  type ToyResolvers,
} from "tributary-testing/toy-gateway.ts";
import { onTestFinished } from "vitest";
import { Wire, type WireAnswer, type WireRequest, wireBytes } from "./raw-exchange.ts";

/** The direct lane takes `/graphql` only; an address with a query goes through Yoga, which answers it the same. */
const paths = { direct: "/graphql", yoga: "/graphql?lane=yoga" } as const;
export type Lane = keyof typeof paths;
export const lanes: readonly Lane[] = ["direct", "yoga"];

export const pathOf = (lane: Lane): string => paths[lane];

/** A gateway that listens, and the way to reach each of its lanes. */
export interface TwoLanes {
  readonly toy: ToyGateway;
  readonly port: number;
  /** Asks one lane over a connection of its own. */
  ask(lane: Lane, request: WireRequest): Promise<WireAnswer>;
  wire(): Wire;
}

export async function startingTwoLanes(
  sdl: string,
  resolvers: ToyResolvers,
  options: ToyOptions = {},
): Promise<TwoLanes> {
  const toy = startingToyGateway(sdl, resolvers, options);
  const { port } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  const wire = () => {
    const opened = new Wire(port);
    onTestFinished(() => void opened.socket.destroy());
    return opened;
  };
  return {
    toy,
    port,
    wire,
    ask(lane, request) {
      const opened = wire();
      opened.send(wireBytes({ ...request, path: pathOf(lane) }));
      return opened.answer(request.method);
    },
  };
}

export async function twoLanes(sdl: string, resolvers: ToyResolvers, options: ToyOptions = {}): Promise<TwoLanes> {
  const started = await startingTwoLanes(sdl, resolvers, options);
  started.toy.gateway.markReady();
  return started;
}

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What has to be the same on both lanes: everything but the date and generated ids. */
export function comparable({ status, headers, body }: WireAnswer) {
  return {
    status,
    headers: headers.map((line) => line.replace(/^Date: .*/, "Date: -").replace(id, "<id>")),
    body: isText(headers) ? body.toString().replace(id, "<id>") : body.toString("base64"),
  };
}

const isText = (headers: readonly string[]): boolean => !headers.some((line) => line.startsWith("content-encoding: "));
