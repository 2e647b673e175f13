import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { sendJson, sendProblem } from "./json-response.ts";
import { targetOf } from "./request-target.ts";
import { runService } from "./run-service.ts";
import { BadParameter, parseSunQuestion } from "./sun-question.ts";
import { type SunAnswer, sunTimesOf } from "./sun-times.ts";

export interface SunServerOptions {
  /** Milliseconds before each answer: what a slow source costs. */
  readonly latencyMs: number;
  /** Called when a client has left while its answer was being waited for. */
  readonly onAbandoned?: () => void;
}

/** The sun API: one place and one day a call, and slow. */
export function createSunServer({ latencyMs, onAbandoned }: SunServerOptions): Server {
  return createServer(async (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      await sleep(latencyMs, undefined, { signal: gone.signal });
    } catch {
      onAbandoned?.();
      return;
    }
    answer(request, response);
  });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
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
    if (!(error instanceof BadParameter)) throw error;
    sendProblem(response, 400, error.message);
  }
}

function timesFor(query: URLSearchParams): SunAnswer {
  const question = parseSunQuestion(query);
  const times = sunTimesOf(question);
  if (times !== undefined) return times;
  const { date, timeZone } = question;
  throw new BadParameter(`date: expected a day with a solar noon at that place in ${timeZone}, got "${date}"`);
}

/** Reads SUN_LATENCY_MS; 300 when unset. */
function latencyFromEnvironment(text = "300"): number {
  if (!/^\d+$/.test(text)) throw new Error(`SUN_LATENCY_MS: expected whole milliseconds from 0, got "${text}"`);
  return Number(text);
}

if (import.meta.main) {
  await runService("sun", () => createSunServer({ latencyMs: latencyFromEnvironment(process.env.SUN_LATENCY_MS) }));
}
