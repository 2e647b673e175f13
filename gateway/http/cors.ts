import { type CORSOptions, getCORSHeadersByRequestAndOptions } from "@whatwg-node/server";

/**
 * Any origin, without credentials: an application that is developed on another port can ask and read, and nothing that
 * a browser keeps for this origin is sent along.
 */
const anyOrigin: CORSOptions = {
  origin: "*",
  credentials: false,
  exposedHeaders: ["x-request-id"],
  // Seconds: without it a browser asks for leave before each request.
  maxAge: 600,
};

/** Whether a browser asks for leave to send the real request. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");

export const preflightResponse = (request: Request): Response =>
  allowOrigin(request, new Response(null, { status: 204 }));

/** Lets the page that asked read the answer, a refusal as well. */
export function allowOrigin(request: Request, response: Response): Response {
  const headers = getCORSHeadersByRequestAndOptions(request, anyOrigin);
  for (const [name, value] of Object.entries(headers ?? {})) response.headers.set(name, value);
  return response;
}
