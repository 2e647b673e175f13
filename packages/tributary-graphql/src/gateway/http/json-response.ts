/** Bodies known as a whole: the node server writes them in one go instead of reading a stream. */
const bodies = new WeakMap<Response, string | Uint8Array<ArrayBuffer>>();

export function wholeResponse(body: string | Uint8Array<ArrayBuffer>, init: ResponseInit): Response {
  const response = new Response(body, init);
  bodies.set(response, body);
  return response;
}

export const jsonResponse = (value: unknown, status: number, headers: Record<string, string> = {}): Response =>
  wholeResponse(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });

/** For a fault of the gateway's own, outside of any operation. */
export const unexpectedResponse = (): Response =>
  jsonResponse({ errors: [{ message: "Unexpected error.", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }, 500);

/** The whole body, if this was made by `wholeResponse`. */
export const knownBody = (response: Response): string | Uint8Array<ArrayBuffer> | undefined => bodies.get(response);
