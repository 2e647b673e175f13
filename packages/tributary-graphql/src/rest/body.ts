/** A response is larger than a limit of the service's options. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

export const bodyTooLarge = (maxBytes: number): TooLargeError =>
  new TooLargeError(`its body exceeds ${maxBytes} bytes (maxBodyBytes)`);

/** A body cannot be decoded: its content encoding or charset is unknown, or its bytes are invalid in it. */
export class UnreadableBodyError extends Error {
  override readonly name = "UnreadableBodyError";
}
