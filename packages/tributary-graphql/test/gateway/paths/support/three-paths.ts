import {
  startingToyGateway,
  type ToyGateway,
  type ToyOptions,
  type ToyResolvers,
} from "tributary-testing/toy-gateway.ts";
import { onTestFinished } from "vitest";
import { Wire, type WireAnswer, type WireRequest, wireBytes } from "./raw-exchange.ts";

/**
 * The ways on which a gateway answers: the fast path, the same with hooks of Envelop, and the path through Yoga, which HTTP
 * hooks ask for. The hooks change nothing.
 */
export const pathOptions = {
  fast: {},
  "fast with plugins": {
    plugins: [
      {
        onParse: () => () => undefined,
        onValidate: () => () => undefined,
        onContextBuilding: () => undefined,
        onExecute: () => ({ onExecuteDone: () => ({ onNext: () => undefined, onEnd: () => undefined }) }),
        onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: () => undefined, onEnd: () => undefined }) }),
      },
    ],
  },
  yoga: { plugins: [{ onRequest: () => undefined, onResponse: () => undefined }] },
} as const satisfies Readonly<Record<string, ToyOptions>>;

export type PathName = keyof typeof pathOptions;
export const pathNames = Object.keys(pathOptions) as readonly PathName[];

/** A gateway that listens. */
export interface WiredToy {
  readonly toy: ToyGateway;
  readonly port: number;
  /** Asks over a connection of its own. */
  ask(request: WireRequest): Promise<WireAnswer>;
  wire(): Wire;
}

export async function startingToyOn(
  path: PathName,
  sdl: string,
  resolvers: ToyResolvers,
  options: ToyOptions = {},
): Promise<WiredToy> {
  const toy = startingToyGateway(sdl, resolvers, { ...pathOptions[path], ...options });
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
    ask(request) {
      const opened = wire();
      opened.send(wireBytes(request));
      return opened.answer(request.method);
    },
  };
}

export async function toyOn(
  path: PathName,
  sdl: string,
  resolvers: ToyResolvers,
  options: ToyOptions = {},
): Promise<WiredToy> {
  const started = await startingToyOn(path, sdl, resolvers, options);
  started.toy.gateway.markReady();
  return started;
}

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The parts of an answer that are the same on every path: all but the date and generated ids. */
export function comparable({ status, headers, body }: WireAnswer) {
  return {
    status,
    headers: headers.map((line) => line.replace(/^Date: .*/, "Date: -").replace(id, "<id>")),
    body: isText(headers) ? body.toString().replace(id, "<id>") : body.toString("base64"),
  };
}

const isText = (headers: readonly string[]): boolean => !headers.some((line) => line.startsWith("content-encoding: "));
