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

export const preflightResponse = ({ headers }: Request): Response =>
  allowOrigin(headers, new Response(null, { status: 204 }));

/** Lets the page that asked read the answer, a refusal as well. */
export function allowOrigin(asked: Headers, response: Response): Response {
  for (const [name, value] of Object.entries(originHeaders(asked))) response.headers.set(name, value);
  return response;
}

/** What an answer says to the page that asked with these headers; nothing where none did. */
export const originHeaders = (asked: Headers): Readonly<Record<string, string>> =>
  getCORSHeadersByRequestAndOptions(new Request("http://any.test", { headers: asked }), anyOrigin) ?? {};
