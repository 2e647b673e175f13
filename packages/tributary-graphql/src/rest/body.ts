/** A response whose body or headers are larger than a limit of the service's declaration. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

export const bodyTooLarge = (maxBytes: number): TooLargeError =>
  new TooLargeError(`its body exceeds ${maxBytes} bytes (maxBodyBytes)`);

/** A response that cannot be read: an encoding or a charset that is not known, or bytes that are not valid in it. */
export class UnreadableBodyError extends Error {
  override readonly name = "UnreadableBodyError";
}
