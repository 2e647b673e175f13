import { CommandError } from "../../command-error.ts";
import type { DocumentLocation } from "../document/location.ts";
import { commentText } from "./code-text.ts";
import { resolveCycles } from "./cycles.ts";
import { camelCase, pascalCase, type UniqueNames } from "./identifiers.ts";
import { orderOf } from "./order.ts";
import { readNamedSchema, readSchema } from "./read-schema.ts";
import type { SchemaReader } from "./reader.ts";
import { referencesOf } from "./references.ts";
import { type RenderOptions, render } from "./render.ts";
import { reservedNames } from "./reserved-names.ts";
import { dateTimeShape, type Shape, unknownShape } from "./shape.ts";
import { typeOf } from "./type-of.ts";

const isReserved: ReadonlySet<string> = new Set(reservedNames);

interface Declared {
  readonly location?: DocumentLocation;
  readonly shape: Shape;
}

/** The schemas that a generated file declares: those of its reads, and all that these refer to. */
export class DeclaredSchemas implements SchemaReader {
  readonly #names: UniqueNames;
  readonly #nameByLocation = new Map<string, string>();
  readonly #nameByShape = new Map<string, string>();
  readonly #declared = new Map<string, Declared>();
  /** The schemas that are being read, to detect recursion. */
  readonly #reading = new Set<string>();
  readonly #document: DocumentLocation;
  #subtypes: ReadonlyMap<string, readonly DocumentLocation[]> | undefined;

  /** @param names the names of the file, to which those of the schemas are added */
  constructor(document: DocumentLocation, names: UniqueNames) {
    this.#document = document;
    this.#names = names;
  }

  /** The constant of a schema, `petBody`. */
  readonly constantOf = (name: string): string => `${camelCase(name)}Body`;

  read(schema: DocumentLocation): Shape {
    const { identity } = schema;
    // A recursive schema gets a name, so that it can refer to itself.
    if (this.#reading.has(identity)) return { kind: "named", name: this.nameOf(schema) };
    this.#reading.add(identity);
    try {
      return readSchema(schema, this);
    } finally {
      this.#reading.delete(identity);
    }
  }

  nameOf(schema: DocumentLocation): string {
    const known = this.#nameByLocation.get(schema.identity);
    if (known !== undefined) return known;
    const name = this.#take(nameFor(schema));
    this.#nameByLocation.set(schema.identity, name);
    this.#declared.set(name, { location: schema, shape: unknownShape });
    this.#declared.set(name, { location: schema, shape: readNamedSchema(schema, this) });
    return name;
  }

  /** Declares a shape that has no name in the document. Returns its name: the wanted one, if it is free. */
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

  /**
   * Runs a function that reads schemas. If one of them cannot be read, it returns the error, and removes the schemas that
   * the function has declared.
   */
  attempt<Value>(read: () => Value): Value | CommandError {
    const sizes = [this.#nameByLocation, this.#nameByShape, this.#declared].map((map) => map.size);
    const nameCount = this.#names.size;
    try {
      const value = read();
      this.#resolveCycles(sizes[2] ?? 0);
      return value;
    } catch (error) {
      for (const [index, map] of [this.#nameByLocation, this.#nameByShape, this.#declared].entries()) {
        for (const key of [...map.keys()].slice(sizes[index])) map.delete(key);
      }
      this.#names.shrinkTo(nameCount);
      if (error instanceof RangeError) return new CommandError("its schemas are nested too deeply");
      if (error instanceof CommandError) return error;
      throw error;
    }
  }

  /** Only for schemas from `start` on, as earlier ones do not refer to later ones. */
  #resolveCycles(start: number): void {
    const added = [...this.#declared].slice(start).map(([name, { shape }]): [string, Shape] => [name, shape]);
    for (const [name, shape] of resolveCycles(new Map(added))) {
      this.#declared.set(name, { ...this.#declared.get(name), shape });
    }
  }

  subtypesOf(schema: DocumentLocation): readonly DocumentLocation[] {
    this.#subtypes ??= subtypesIn(this.#document);
    return this.#subtypes.get(schema.identity) ?? [];
  }

  get count(): number {
    return this.#declared.size;
  }

  /** Whether a schema has a date-time, which needs a function of the readers. */
  get hasDateTime(): boolean {
    const text = JSON.stringify([...this.#declared.values()].map(({ shape }) => shape));
    return text.includes(`"code":${JSON.stringify(dateTimeShape.code)}`);
  }

  readonly shapeOf = (name: string): Shape | undefined => this.#declared.get(name)?.shape;

  /** The code of all schemas, each after those that it needs. */
  write(): string {
    const { names, selfDependent, recursive } = orderOf(
      new Map([...this.#declared].map(([name, { shape }]) => [name, referencesOf(shape)])),
    );
    const written = new Set<string>();
    const options: RenderOptions = {
      constantOf: this.constantOf,
      isDeclared: (name) => written.has(name),
      isObject: (name) => !recursive.has(name) && this.shapeOf(name)?.kind === "object",
    };
    return names
      .map((name) => {
        const kind = { isSelfDependent: selfDependent.has(name), isRecursive: recursive.has(name) };
        const code = this.#writeOne(name, kind, options);
        written.add(name);
        return code;
      })
      .join("\n\n");
  }

  #writeOne(
    name: string,
    { isSelfDependent, isRecursive }: { readonly isSelfDependent: boolean; readonly isRecursive: boolean },
    options: RenderOptions,
  ): string {
    const declared = this.#declared.get(name);
    if (declared === undefined) return "";
    const description = commentText(declared.location?.proseAt("description") ?? "");
    const comment = description === "" ? "" : `/** ${description} */\n`;
    const code = render(declared.shape, options);
    const constant = this.constantOf(name);
    if (!isRecursive) {
      return `${comment}export const ${constant} = ${code};\nexport type ${name} = z.infer<typeof ${constant}>;`;
    }
    const type = `${comment}export type ${name} = ${typeOf(declared.shape)};`;
    return `${type}\nexport const ${constant}: z.ZodType<${name}> = ${isSelfDependent ? `z.lazy(() => ${code})` : code};`;
  }

  #take(wanted: string): string {
    return this.#names.takeWith(isReserved.has(wanted) ? `${wanted}Data` : wanted, (name) => [
      name,
      this.constantOf(name),
    ]);
  }
}

/** The subtypes in a document, that is, schemas with a base in `allOf`, by the identity of the base. */
function subtypesIn(document: DocumentLocation): Map<string, DocumentLocation[]> {
  const subtypes = new Map<string, DocumentLocation[]>();
  for (const [, schema] of document.at("components")?.at("schemas")?.entries() ?? []) {
    const bases = Array.isArray(schema.at("allOf")?.value) ? (schema.at("allOf")?.items() ?? []) : [];
    for (const base of bases) {
      const reference = base.valueAt("$ref");
      // A $ref without a target is reported where the schema is read.
      const target = typeof reference === "string" ? base.find(reference) : undefined;
      if (target) subtypes.set(target.identity, [...(subtypes.get(target.identity) ?? []), schema]);
    }
  }
  return subtypes;
}

/** Keywords in a JSON Pointer, which do not identify a schema. */
const structure =
  /^(components|schemas|properties|items|schema|content|responses|paths|get|post|oneOf|anyOf|allOf|\$defs|definitions|\d+|.*\/.*json)$/;

function nameFor(schema: DocumentLocation): string {
  const words = schema.path.filter((part) => !structure.test(part));
  return pascalCase(words.length > 0 ? words.join(" ") : schema.lastName);
}
