import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { freePort } from "../processes/free-port.ts";
import { fileOf, type HttpContender } from "./contender.ts";

/** The Python of Debian's packages. */
const python = "/usr/bin/python3";
const packages = [
  "python3-flask",
  "python3-quart",
  "python3-httpx",
  "python3-aiohttp",
  "python3-hypercorn",
  "gunicorn",
];

const gunicorn = (app: string, address: string): string[] =>
  ["gunicorn", "--bind", address, "--worker-class", "gthread", "--threads", "64", "--keep-alive", "65"].concat(app);

const hypercorn = (app: string, address: string): string[] => ["hypercorn", "--bind", address, "--workers", "1", app];

const services = {
  flask: { title: "Flask", app: "flask_service:app", server: gunicorn },
  "flask-asyncio": { title: "Flask with asyncio", app: "flask_async_service:app", server: gunicorn },
  quart: { title: "Quart", app: "quart_service:app", server: hypercorn },
} as const;

/**
 * A service in Python, one process, with the posts and their users.
 * @param lookups whether users are read with one call, or with one call each
 * @param path `/country` for the page of a country instead of the posts
 */
export const pythonPeer = (
  name: keyof typeof services,
  lookups: "batch" | "each",
  path = "/graphql",
): HttpContender => ({
  name: lookups === "each" ? name : `${name}-batch`,
  title: lookups === "each" ? services[name].title : `${services[name].title}, users in one call`,
  prepare: async ({ upstream }) => {
    await promisify(execFile)(python, ["-c", "import flask, quart, httpx, aiohttp, hypercorn, gunicorn"]).catch(() => {
      throw new Error(`needs ${python} with Debian's packages ${packages.join(", ")}`);
    });
    const port = await freePort();
    const { app, server } = services[name];
    return {
      command: [python, "-m", ...server(app, `127.0.0.1:${port}`)],
      environment: { UPSTREAM: upstream, LOOKUPS: lookups, PYTHONDONTWRITEBYTECODE: "1" },
      cwd: fileOf("../peers/python"),
      url: `http://127.0.0.1:${port}${path}`,
    };
  },
});
