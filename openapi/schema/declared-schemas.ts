import type { Place } from "../document/place.ts";
import { camelCase, commentText, pascalCase, UniqueNames } from "./identifiers.ts";
import { orderOf } from "./order.ts";
import { readNamedSchema, readSchema } from "./read-schema.ts";
import type { SchemaReader } from "./reader.ts";
import { referencesOf } from "./references.ts";
import { type RenderOptions, render } from "./render.ts";
import type { Shape } from "./shape.ts";
import { typeOf } from "./type-of.ts";

/** Names that the generated file has already, or that mean something else to whoever reads them. */
const reservedTypes = new Set([
  "Upstream",
  "UpstreamOptions",
  "UpstreamScope",
  ...Object.getOwnPropertyNames(globalThis),
]);

interface Declared {
  readonly place?: Place;
  readonly shape: Shape;
}

/** The schemas that a generated file declares: those that are asked for, and all that they refer to. */
export class DeclaredSchemas implements SchemaReader {
  readonly #names = new UniqueNames(reservedTypes);
  readonly #nameByPlace = new Map<string, string>();
  readonly #nameByShape = new Map<string, string>();
  readonly #declared = new Map<string, Declared>();
  readonly #document: Place;
  #subtypes: ReadonlyMap<string, readonly Place[]> | undefined;

  constructor(document: Place) {
    this.#document = document;
  }

  /** The constant that holds a schema, `petBody`. */
  readonly constantOf = (name: string): string => `${camelCase(name)}Body`;

  read(schema: Place): Shape {
    return readSchema(schema, this);
  }

  nameOf(schema: Place): string {
    const known = this.#nameByPlace.get(schema.identity);
    if (known !== undefined) return known;
    const name = this.#take(nameFor(schema));
    this.#nameByPlace.set(schema.identity, name);
    this.#declared.set(name, { place: schema, shape: readNamedSchema(schema, this) });
    return name;
  }

  /** The name of a shape that the document gives none: the one that is wanted, or one like it. */
  declare(wanted: string, shape: Shape): string {
    if (shape.kind === "named") return shape.name;
    const text = JSON.stringify(shape);
    const known = this.#nameByShape.get(text);
    if (known !== undefined) return known;
    const name = this.#take(pascalCase(wanted));
    this.#nameByShape.set(text, name);
    this.#declared.set(name, { shape });
    return name;
  }

  subtypesOf(schema: Place): readonly Place[] {
    this.#subtypes ??= subtypesIn(this.#document);
    return this.#subtypes.get(schema.identity) ?? [];
  }

  get count(): number {
    return this.#declared.size;
  }

  readonly shapeOf = (name: string): Shape | undefined => this.#declared.get(name)?.shape;

  /** The code of all of them, each after those that it needs. */
  write(): string {
    const { names, endless, recursive } = orderOf(
      new Map([...this.#declared].map(([name, { shape }]) => [name, referencesOf(shape)])),
    );
    const there = new Set<string>();
    const options: RenderOptions = {
      constantOf: this.constantOf,
      isThere: (name) => there.has(name),
      isRecursive: (name) => recursive.has(name),
    };
    return names
      .map((name) => {
        const code = this.#writeOne(name, endless.has(name), options);
        there.add(name);
        return code;
      })
      .join("\n\n");
  }

  #writeOne(name: string, isEndless: boolean, options: RenderOptions): string {
    const declared = this.#declared.get(name);
    if (declared === undefined) return "";
    const description = commentText(declared.place?.at("description")?.text() ?? "");
    const comment = description === "" ? "" : `/** ${description} */\n`;
    const code = render(declared.shape, options);
    const constant = this.constantOf(name);
    if (!options.isRecursive(name)) {
      return `${comment}export const ${constant} = ${code};\nexport type ${name} = z.infer<typeof ${constant}>;`;
    }
    const type = `${comment}export type ${name} = ${typeOf(declared.shape)};`;
    return `${type}\nexport const ${constant}: z.ZodType<${name}> = ${isEndless ? `z.lazy(() => ${code})` : code};`;
  }

  #take(wanted: string): string {
    return this.#names.take(reservedTypes.has(wanted) ? `${wanted}Data` : wanted);
  }
}

/** The schemas of a document that are made of another by `allOf`, by that other's identity. */
function subtypesIn(document: Place): Map<string, Place[]> {
  const subtypes = new Map<string, Place[]>();
  for (const [, schema] of document.at("components")?.at("schemas")?.entries() ?? []) {
    for (const base of schema.at("allOf")?.items() ?? []) {
      const target = base.referred();
      if (target) subtypes.set(target.identity, [...(subtypes.get(target.identity) ?? []), schema]);
    }
  }
  return subtypes;
}

/** Parts of a pointer that say what something is, and not which. */
const structure =
  /^(components|schemas|properties|items|schema|content|responses|paths|get|post|oneOf|anyOf|allOf|\$defs|definitions|\d+|.*\/.*json)$/;

function nameFor(schema: Place): string {
  const words = schema.path.filter((part) => !structure.test(part));
  return pascalCase(words.length > 0 ? words.join(" ") : schema.lastName);
}
