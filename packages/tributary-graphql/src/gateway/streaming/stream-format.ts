/** How payloads are written into one response body. */
export interface StreamFormat {
  readonly contentType: string;
  readonly start: string;
  payload(json: string): string;
  readonly end: string;
}

export interface StreamEvents {
  /** The reader of the body stops before its end. */
  onCancel(): void;
  /** After the last payload, a failure, or a cancellation. */
  onEnd(): void;
}

/**
 * A body that takes the next payload only when the client has room for it, and writes each one as it comes.
 *
 * @param payloads as JSON
 */
export function streamBody(
  format: StreamFormat,
  payloads: AsyncIterator<string, void>,
  { onCancel, onEnd }: StreamEvents,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await payloads.next();
    controller.enqueue(encoder.encode(done ? format.end : format.payload(value)));
    if (!done) return;
    controller.close();
    onEnd();
  };
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(format.start)),
    pull: (controller) =>
      pull(controller).catch((error: unknown) => {
        onEnd();
        throw error;
      }),
    cancel: async () => {
      onCancel();
      onEnd();
      await payloads.return?.();
    },
  });
}
