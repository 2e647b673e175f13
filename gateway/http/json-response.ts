/** Bodies known as text: the node server writes them in one go instead of reading a stream. */
const texts = new WeakMap<Response, string>();

export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

export const jsonResponse = (value: unknown, status: number, headers: Record<string, string> = {}): Response =>
  textResponse(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });

/** The body's text, if this was made by `textResponse`. */
export const knownText = (response: Response): string | undefined => texts.get(response);
