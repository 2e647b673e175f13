import { Agent, request } from "undici";

/** How one client's connection ended, and how many answers came over it. */
export interface KeptConnection {
  readonly answers: number;
  readonly end: string;
}

/**
 * Clients that each keep one connection and send one request after another over it. Told `Connection: close`, they connect
 * anew as clients do, until nobody listens at the port any more. An end of any other kind is a request without an answer.
 */
export class KeptConnections {
  readonly #ends: Promise<KeptConnection>[];
  #answers = 0;
  #waiting: { readonly answers: number; readonly resolve: () => void } | undefined;

  /** @param pauseMs between an answer and the next request, by the number of the client */
  constructor(url: string, count: number, body: object, pauseMs: (client: number) => number = () => 0) {
    this.#ends = Array.from({ length: count }, (_, client) => this.#run(url, JSON.stringify(body), pauseMs(client)));
  }

  /** Fulfils when this many answers have come, to all together. */
  answered(answers: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { answers, resolve };
    });
  }

  ends(): Promise<KeptConnection[]> {
    return Promise.all(this.#ends);
  }

  async #run(url: string, body: string, pauseMs: number): Promise<KeptConnection> {
    const agent = new Agent({ connections: 1, pipelining: 1 });
    let answers = 0;
    try {
      for (;;) {
        const response = await request(url, {
          dispatcher: agent,
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
        const text = await response.body.text();
        if (response.statusCode !== 200 || text.includes('"errors"'))
          return { answers, end: `${response.statusCode} ${text}` };
        answers += 1;
        this.#count();
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED")
        return { answers, end: "refused" };
      return { answers, end: `${error} after ${answers}` };
    } finally {
      await agent.destroy();
    }
  }

  #count(): void {
    this.#answers += 1;
    if (this.#waiting && this.#answers >= this.#waiting.answers) this.#waiting.resolve();
  }
}
