import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayOptions } from "tributary-graphql";
import type { ToyOptions } from "tributary-testing/toy-gateway.ts";
import { onTestFinished } from "vitest";
import { served } from "../../plugins/support/served.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Writes a manifest that is removed when the test has finished, and gives its path. */
export function manifestFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-manifest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "manifest.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** As `tributary codegen` writes it, of queries by their names. */
export const codegenManifest = (texts: Readonly<Record<string, string>>, budget?: object): object => ({
  version: 1,
  operations: Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      { type: "query", ...(budget && { budget }), documents: { [sha256(text)]: text } },
    ]),
  ),
});

type Trusted = NonNullable<GatewayOptions["trustedDocuments"]>;

/** A gateway that listens and trusts the documents of these manifests. */
export const trusting = (
  trusted: Trusted,
  manifests: readonly unknown[],
  options: ToyOptions = {},
  plugins: NonNullable<GatewayOptions["plugins"]> = [],
) => served(plugins, { ...options, trustedDocuments: { files: manifests.map(manifestFile), ...trusted } });
