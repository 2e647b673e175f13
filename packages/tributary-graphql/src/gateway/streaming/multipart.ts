import type { StreamFormat } from "./stream-format.ts";

/**
 * Incremental delivery over `multipart/mixed` with the boundary `-`. Each payload ends with the boundary that closes it
 * (not: begins with the one that opens it), so that a client can parse it as soon as it has come.
 */
export const multipartFormat: StreamFormat = {
  contentType: 'multipart/mixed; boundary="-"',
  start: "\r\n---",
  payload: (json) => `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${json}\r\n---`,
  end: "--\r\n",
};
