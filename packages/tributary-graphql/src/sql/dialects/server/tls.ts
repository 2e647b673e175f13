import { readFile } from "node:fs/promises";

/**
 * How far a connection to a server is encrypted and the server known. `verify-ca`: its certificate comes from the CA;
 * `verify-full`: it is also made out to the host of the URL. `no-verify`: encrypted, with whoever answers. `default`: the
 * URL does not say.
 */
export type TlsMode = "default" | "disable" | "no-verify" | "verify-ca" | "verify-full";

/** Paths of PEM files. */
export interface TlsFiles {
  /** Certificates of the authorities to trust; without, those that Node trusts. */
  readonly ca?: string;
  /** The client's certificate and its key, for a server that asks for them. */
  readonly certificate?: string;
  readonly key?: string;
}

/** The TLS options of Node's `tls` and of both drivers. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
  /** Only where the host's name does not count. */
  readonly checkServerIdentity?: () => undefined;
}

/** `require` is the one word of PostgreSQL and MySQL that is stricter here: who asks for TLS gets a verified server. */
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

/** `sslmode` of PostgreSQL and `ssl-mode` of MySQL, in either case; undefined for another word. */
export const readTlsMode = (text: string): Exclude<TlsMode, "default"> | undefined =>
  Object.hasOwn(modes, text.toLowerCase().replaceAll("_", "-"))
    ? modes[text.toLowerCase().replaceAll("_", "-")]
    : undefined;

/**
 * Reads the certificates. Files alone ask for TLS, verified in full.
 *
 * @returns undefined for a connection without TLS
 * @throws Error when a file cannot be read, or certificates are named for a connection without TLS
 */
export async function loadTls(mode: TlsMode, files: TlsFiles): Promise<TlsOptions | undefined> {
  const named = Object.values(files).some((file) => file !== undefined);
  if (mode === "disable" && named) throw new Error("The URL names certificates, and no TLS to use them for.");
  if (mode === "disable" || (mode === "default" && !named)) return undefined;
  if ((files.certificate === undefined) !== (files.key === undefined))
    throw new Error("A client's certificate and its key are needed together: one of the two is missing.");
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
  throw new Error(`The file of the ${name}, ${file}, holds no PEM.`);
}
