import {
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import { type Given, InfoWords } from "./info-words.ts";
import type { Recorder } from "./recorder.ts";
import { runtimeTypeName } from "./type-names.ts";
import { valueWords } from "./value-words.ts";
import { type Behaviour, Values } from "./values.ts";
import type { Arguments, WorldAccess } from "./world-access.ts";

/** What the resolvers of one execution do, all of it on record. Only a mutation's root fields change anything: a count. */
export class World implements WorldAccess {
  readonly rootValue: unknown;
  readonly #schema: GraphQLSchema;
  readonly #behaviour: Behaviour;
  readonly #values: Values;
  readonly #infoWords: InfoWords;
  #state = 0;

  constructor(given: Omit<Given, "rootValue">, rootType: GraphQLObjectType, behaviour: Behaviour, latencySeed: number) {
    this.#schema = given.schema;
    this.#behaviour = behaviour;
    this.#values = new Values(given.schema, behaviour, latencySeed, (...call) => this.#callMethod(...call));
    this.rootValue = this.#values.object(rootType, rootType.name);
    this.#infoWords = new InfoWords({ ...given, rootValue: this.rootValue }, this.nameOf);
  }

  get recorder(): Recorder {
    return this.#values.recorder;
  }

  /** Resolves when nothing of this world is under way. */
  quiet(): Promise<void> {
    return this.#values.timing.quiet();
  }

  /** The default resolvers, with their calls on record: executions may be given others, and these lose nothing. */
  readonly recordedResolvers: Required<Pick<ExecutionArgs, "fieldResolver" | "typeResolver">> = {
    fieldResolver: (source, args, context, info) => {
      this.#record("fieldResolver", info, () => `${this.#words(source)} ${this.#words(args)} ${this.#words(context)}`);
      return defaultFieldResolver(source, args, context, info);
    },
    typeResolver: (value, context, info, abstractType) => {
      this.#record("typeResolver", info, () => `${this.#words(value)} as ${abstractType.name} ${this.#words(context)}`);
      return defaultTypeResolver(value, context, info, abstractType);
    },
  };

  readonly nameOf = (value: unknown): string | undefined => {
    if (value === this) return "the context";
    return this.#values.knownObject(value)?.id ?? this.#values.errors.nameOf(value);
  };

  resolveField(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    this.#record("resolve", info, () => `${this.#words(source)} ${this.#words(args)}`);
    return this.#answer(source, args, info);
  }

  resolveType(value: unknown, info: GraphQLResolveInfo, abstractType: string): never {
    this.#record("resolveType", info, () => `${this.#words(value)} as ${abstractType}`);
    const id = `${this.nameOf(value)} type of ${abstractType}`;
    return this.#decide(id, () =>
      runtimeTypeName(this.#values.dice, id, this.#values.isFaulty(id), this.#values.knownObject(value)?.typeName),
    );
  }

  isTypeOf(value: unknown, info: GraphQLResolveInfo, typeName: string): never {
    this.#record("isTypeOf", info, () => `${this.#words(value)} is ${typeName}`);
    const id = `${this.nameOf(value)} is ${typeName}`;
    return this.#decide(
      id,
      () => (this.#values.knownObject(value)?.typeName === typeName) !== this.#values.isFaulty(id),
    );
  }

  /** For methods of sources, which the default resolver finds. */
  #callMethod(receiver: unknown, args: Arguments, context: unknown, info: GraphQLResolveInfo): unknown {
    this.#record("method", info, () => `${this.#words(receiver)} ${this.#words(args)} ${this.#words(context)}`);
    return this.#answer(receiver, args, info);
  }

  /** Type resolvers are called through types that cannot say "perhaps a promise, perhaps nonsense". */
  #decide(id: string, decision: () => unknown): never {
    const isLate = this.#behaviour.isAsync && this.#values.dice.chance(`${id} late`, 30);
    const decide = (): unknown => {
      if (this.#values.isFaulty(`${id} fails`)) throw this.#values.errors.make(id);
      return decision();
    };
    return (isLate ? this.#values.timing.later(id, decide) : decide()) as never;
  }

  #answer(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    const isMutation = info.parentType === this.#schema.getMutationType();
    const id = `${this.nameOf(source) ?? "?"}.${info.fieldName}(${this.#words(args)}${isMutation ? ` ${this.#state++}` : ""})`;
    // What a resolver does to its own arguments must reach nobody else.
    args.spoiled = true;
    return this.#values.outcome(info.returnType, id, 0);
  }

  #record(kind: string, info: GraphQLResolveInfo, words: () => string): void {
    const { readsInfoLate } = this.#behaviour;
    const before = words();
    this.recorder.call(kind, info, readsInfoLate, () => `${before} ${this.#infoWords.of(info)}`);
  }

  #words(value: unknown): string {
    return valueWords(value, this.nameOf);
  }
}
