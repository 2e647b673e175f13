import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { sendJson, sendProblem } from "./json-response.ts";
import { targetOf } from "./request-target.ts";
import { runService } from "./run-service.ts";
import { InvalidParameter, parseSunQuery } from "./sun-query.ts";
import { type SunResult, sunTimesOf } from "./sun-times.ts";

export interface SunServerOptions {
  /** Milliseconds before each response. */
  readonly latencyMs: number;
  /** Called when a client disconnects before the response. */
  readonly onDisconnect?: () => void;
}

/** The sun API: one location and one day per call, with latency. */
export function createSunServer({ latencyMs, onDisconnect }: SunServerOptions): Server {
  return createServer(async (request, response) => {
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    try {
      await sleep(latencyMs, undefined, { signal: closed.signal });
    } catch {
      onDisconnect?.();
      return;
    }
    respond(request, response);
  });
}

function respond(request: IncomingMessage, response: ServerResponse): void {
  const { path, query } = targetOf(request);
  if (request.method !== "GET") {
    sendProblem(response, 405, `expected GET, got ${request.method}`, { allow: "GET" });
  } else if (path !== "/sun") {
    sendProblem(response, 404, `expected /sun, got ${path}`);
  } else {
    sendTimes(response, query);
  }
}

function sendTimes(response: ServerResponse, query: URLSearchParams): void {
  try {
    sendJson(response, 200, timesFor(query));
  } catch (error) {
    if (!(error instanceof InvalidParameter)) throw error;
    sendProblem(response, 400, error.message);
  }
}

function timesFor(query: URLSearchParams): SunResult {
  const sunQuery = parseSunQuery(query);
  const times = sunTimesOf(sunQuery);
  if (times !== undefined) return times;
  const { date, timeZone } = sunQuery;
  throw new InvalidParameter(`date: expected a date with a solar noon at this location in ${timeZone}, got "${date}"`);
}

/** @param text SUN_LATENCY_MS */
function latencyFromEnvironment(text = "300"): number {
  if (!/^\d+$/.test(text)) throw new Error(`SUN_LATENCY_MS: expected whole milliseconds from 0, got "${text}"`);
  return Number(text);
}

if (import.meta.main) {
  await runService("sun", () => createSunServer({ latencyMs: latencyFromEnvironment(process.env.SUN_LATENCY_MS) }));
}
