import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Paths of PEM files; the keys have no password. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority for one test, in a folder that every user may read. */
export interface Authority extends Certificate {
  readonly folder: string;
  /** Issues a certificate: for a server with these names (`DNS:localhost`, `IP:127.0.0.1`), or for a client without. */
  issue(commonName: string, names?: readonly string[]): Promise<Certificate>;
  remove(): Promise<void>;
}

const run = promisify(execFile);

export async function createAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-tls-"));
  await chmod(folder, 0o755);
  const path = (file: string) => join(folder, file);
  const openssl = (command: string, ...more: readonly string[]) =>
    run("openssl", [...command.split(" "), ...more], { cwd: folder });
  await openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj", `/CN=${name}`);
  const issue = async (commonName: string, names: readonly string[] = []): Promise<Certificate> => {
    await openssl(
      `req -newkey rsa:2048 -nodes -keyout ${commonName}.key -out ${commonName}.csr -subj`,
      `/CN=${commonName}`,
    );
    const extensions = names.length === 0 ? "" : `subjectAltName=${names.join(",")}\n`;
    await writeFile(path("extensions"), `basicConstraints=CA:FALSE\n${extensions}`);
    const signed = `x509 -req -days 2 -in ${commonName}.csr -CA ca.pem -CAkey ca.key -CAcreateserial`;
    await openssl(`${signed} -extfile extensions -out ${commonName}.pem`);
    return { certificate: path(`${commonName}.pem`), key: path(`${commonName}.key`) };
  };
  return {
    folder,
    certificate: path("ca.pem"),
    key: path("ca.key"),
    issue,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
