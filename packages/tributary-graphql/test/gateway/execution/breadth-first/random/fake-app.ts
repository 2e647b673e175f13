import {
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import type { AppResolvers, Arguments } from "./app-resolvers.ts";
import { type Given, InfoText } from "./info-text.ts";
import type { Recorder } from "./recorder.ts";
import { runtimeTypeName } from "./type-names.ts";
import { valueText } from "./value-text.ts";
import { type Behaviour, Values } from "./values.ts";

/** The app behind a random schema, for one execution: its data and resolvers, with all calls recorded. Its only state is a count. */
export class FakeApp implements AppResolvers {
  readonly rootValue: unknown;
  readonly #schema: GraphQLSchema;
  readonly #behaviour: Behaviour;
  readonly #values: Values;
  readonly #infoText: InfoText;
  #state = 0;

  constructor(given: Omit<Given, "rootValue">, rootType: GraphQLObjectType, behaviour: Behaviour, latencySeed: number) {
    this.#schema = given.schema;
    this.#behaviour = behaviour;
    this.#values = new Values(given.schema, behaviour, latencySeed, (...call) => this.#callMethod(...call));
    this.rootValue = this.#values.object(rootType, rootType.name);
    this.#infoText = new InfoText({ ...given, rootValue: this.rootValue }, this.nameOf);
  }

  get recorder(): Recorder {
    return this.#values.recorder;
  }

  /** Resolves when no promise of this app is pending. */
  idle(): Promise<void> {
    return this.#values.timing.idle();
  }

  /** The default resolvers, with their calls on record: executions may be given others, and these lose nothing. */
  readonly recordedResolvers: Required<Pick<ExecutionArgs, "fieldResolver" | "typeResolver">> = {
    fieldResolver: (source, args, context, info) => {
      this.#record("fieldResolver", info, () => `${this.#text(source)} ${this.#text(args)} ${this.#text(context)}`);
      return defaultFieldResolver(source, args, context, info);
    },
    typeResolver: (value, context, info, abstractType) => {
      this.#record("typeResolver", info, () => `${this.#text(value)} as ${abstractType.name} ${this.#text(context)}`);
      return defaultTypeResolver(value, context, info, abstractType);
    },
  };

  readonly nameOf = (value: unknown): string | undefined => {
    if (value === this) return "the context";
    return this.#values.knownObject(value)?.id ?? this.#values.errors.nameOf(value);
  };

  resolveField(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    this.#record("resolve", info, () => `${this.#text(source)} ${this.#text(args)}`);
    return this.#answer(source, args, info);
  }

  resolveType(value: unknown, info: GraphQLResolveInfo, abstractType: string): never {
    this.#record("resolveType", info, () => `${this.#text(value)} as ${abstractType}`);
    const id = `${this.nameOf(value)} type of ${abstractType}`;
    return this.#decide(id, () =>
      runtimeTypeName(this.#values.random, id, this.#values.isFaulty(id), this.#values.knownObject(value)?.typeName),
    );
  }

  isTypeOf(value: unknown, info: GraphQLResolveInfo, typeName: string): never {
    this.#record("isTypeOf", info, () => `${this.#text(value)} is ${typeName}`);
    const id = `${this.nameOf(value)} is ${typeName}`;
    return this.#decide(
      id,
      () => (this.#values.knownObject(value)?.typeName === typeName) !== this.#values.isFaulty(id),
    );
  }

  /** For methods of sources, which the default resolver finds. */
  #callMethod(receiver: unknown, args: Arguments, context: unknown, info: GraphQLResolveInfo): unknown {
    this.#record("method", info, () => `${this.#text(receiver)} ${this.#text(args)} ${this.#text(context)}`);
    return this.#answer(receiver, args, info);
  }

  /** Type resolvers are called through types that cannot say "perhaps a promise, perhaps nonsense". */
  #decide(id: string, decision: () => unknown): never {
    const isLate = this.#behaviour.isAsync && this.#values.random.chance(`${id} late`, 30);
    const decide = (): unknown => {
      if (this.#values.isFaulty(`${id} fails`)) throw this.#values.errors.make(id);
      return decision();
    };
    return (isLate ? this.#values.timing.later(id, decide) : decide()) as never;
  }

  #answer(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    const isMutation = info.parentType === this.#schema.getMutationType();
    const id = `${this.nameOf(source) ?? "?"}.${info.fieldName}(${this.#text(args)}${isMutation ? ` ${this.#state++}` : ""})`;
    // A resolver that changes its arguments must affect no other call.
    args.spoiled = true;
    return this.#values.outcome(info.returnType, id, 0);
  }

  #record(kind: string, info: GraphQLResolveInfo, text: () => string): void {
    const { readsInfoLate } = this.#behaviour;
    const before = text();
    this.recorder.call(kind, info, readsInfoLate, () => `${before} ${this.#infoText.of(info)}`);
  }

  #text(value: unknown): string {
    return valueText(value, this.nameOf);
  }
}
