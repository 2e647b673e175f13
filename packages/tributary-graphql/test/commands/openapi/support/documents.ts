import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { z } from "zod";
import { Files } from "../../../../src/commands/openapi/document/files.ts";
import { DocumentLocation } from "../../../../src/commands/openapi/document/location.ts";
import { type ServiceFile, writeService } from "../../../../src/commands/openapi/service-file.ts";

export const root = fileURLToPath(new URL("../../../../../..", import.meta.url));

/** A document without a file. */
export function documentOf(value: object): DocumentLocation {
  const url = "file:///pets.json";
  return new DocumentLocation(new Files(new Map([[url, value]])), url, [], value);
}

/** A document with these paths and schemas. */
export const api = (paths: object, schemas: object = {}, openapi = "3.1.0"): object => ({
  openapi,
  info: { title: "Pets", version: "1" },
  servers: [{ url: "https://pets.test/v1" }],
  paths,
  components: { schemas },
});

/** The responses of an operation, with this schema. */
export const respondingWith = (schema: object | boolean, headers: object = {}) => ({
  responses: { 200: { description: "", headers, content: { "application/json": { schema } } } },
});

export const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const kinds = (kind: string, more: object = {}) => ({
  type: "object",
  properties: { kind: { type: "string" }, ...more },
  required: ["kind"],
  description: kind,
});

/** Schemas that refer to themselves, each in another way. */
export const cyclicSchemas = {
  Shape: {
    oneOf: [ref("Group"), ref("Dot")],
    discriminator: { propertyName: "kind", mapping: { group: "#/components/schemas/Group", dot: "Dot" } },
  },
  Group: kinds("group", { parts: { type: "array", items: ref("Shape") }, json: ref("Json") }),
  Dot: kinds("dot"),
  Json: {
    anyOf: [
      { type: ["number", "null"] },
      { type: "array", items: ref("Json") },
      { type: "object", additionalProperties: ref("Json") },
    ],
  },
  Chain: { type: "object", properties: { size: { type: "integer", default: 1 } }, additionalProperties: ref("Chain") },
  Pair: { type: "array", prefixItems: [{ type: "string" }, ref("Pair")], items: ref("Json") },
};

export const serviceOf = (document: object, only: readonly string[] = []): ServiceFile =>
  writeService(documentOf(document), { location: "pets.json", name: "pets", only });

/** A temporary folder from which packages can be resolved. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  mkdirSync(join(root, ".data"), { recursive: true });
  const path = mkdtempSync(join(root, ".data/openapi-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The generated body schema for a response with this schema, by running the generated code. */
export async function bodyFor(schema: object | boolean, schemas: object = {}, openapi?: string): Promise<z.ZodType> {
  using folder = temporaryFolder();
  const document = api({ "/thing": { get: { operationId: "thing", ...respondingWith(schema) } } }, schemas, openapi);
  const { code, plan } = writeService(documentOf(document), { location: "", name: "pets", only: [] });
  const path = join(folder.path, "pets-service.ts");
  writeFileSync(path, code);
  const module: Record<string, z.ZodType> = await import(pathToFileURL(path).href);
  const name = plan.reads[0]?.body ?? "";
  const body = Object.entries(module).find(([exported]) => exported.toLowerCase() === `${name}Body`.toLowerCase());
  if (body === undefined) throw new Error(`Expected ${name}Body among ${Object.keys(module).join(", ")}.`);
  return body[1];
}
