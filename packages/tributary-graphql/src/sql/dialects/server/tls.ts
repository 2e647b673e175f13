import { readFile } from "node:fs/promises";

/**
 * How a connection is encrypted and the server verified. `verify-ca`: the CA has signed the server's certificate;
 * `verify-full`: the certificate also matches the host of the URL. `no-verify`: encrypted without verification.
 * `default`: the URL does not set it.
 */
export type TlsMode = "default" | "disable" | "no-verify" | "verify-ca" | "verify-full";

/** Paths of PEM files. */
export interface TlsFiles {
  /** Trusted CA certificates; default: those that Node trusts. */
  readonly ca?: string;
  /** The client's certificate and its key, for a server that requires them. */
  readonly certificate?: string;
  readonly key?: string;
}

/** TLS options for Node's `tls` and for both drivers. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
  /** Set only when the host name is not verified. */
  readonly checkServerIdentity?: () => undefined;
}

/** `require` is stricter here than in PostgreSQL and MySQL: it verifies the server. */
const modes: Readonly<Record<string, Exclude<TlsMode, "default">>> = {
  disable: "disable",
  disabled: "disable",
  "no-verify": "no-verify",
  require: "verify-full",
  required: "verify-full",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
  "verify-identity": "verify-full",
};

/** Parses `sslmode` of PostgreSQL and `ssl-mode` of MySQL, case-insensitive; undefined for an unknown mode. */
export const readTlsMode = (text: string): Exclude<TlsMode, "default"> | undefined =>
  Object.hasOwn(modes, text.toLowerCase().replaceAll("_", "-"))
    ? modes[text.toLowerCase().replaceAll("_", "-")]
    : undefined;

/**
 * Reads the certificate files. Files without a mode mean `verify-full`.
 *
 * @returns undefined for a connection without TLS
 * @throws Error when a file cannot be read, or the URL names files but disables TLS
 */
export async function loadTls(mode: TlsMode, files: TlsFiles): Promise<TlsOptions | undefined> {
  const named = Object.values(files).some((file) => file !== undefined);
  if (mode === "disable" && named) throw new Error("The URL names certificate files but disables TLS.");
  if (mode === "disable" || (mode === "default" && !named)) return undefined;
  if ((files.certificate === undefined) !== (files.key === undefined))
    throw new Error("The URL names a client certificate or its key, but not both.");
  const [ca, cert, key] = await Promise.all([
    files.ca === "system" ? undefined : readPem("CA", files.ca),
    readPem("client's certificate", files.certificate),
    readPem("client's key", files.key),
  ]);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: mode !== "no-verify",
    ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
  };
}

async function readPem(name: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new Error(`The file of the ${name} cannot be read: ${error.message}`, { cause: error });
  });
  if (text.includes("-----BEGIN ")) return text;
  throw new Error(`The file of the ${name}, ${file}, is not a PEM file.`);
}
