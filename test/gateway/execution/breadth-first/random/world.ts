import {
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { asyncContainers, type Contents, syncContainers } from "./containers.ts";
import { Dice } from "./dice.ts";
import { Errors } from "./faults.ts";
import { type Given, InfoWords } from "./info-words.ts";
import { badValues, goodValues, type LeafName, lateValues } from "./leaf-types.ts";
import { Recorder } from "./recorder.ts";
import { makeSource } from "./sources.ts";
import { Timing } from "./timing.ts";
import { runtimeTypeName } from "./type-names.ts";
import { valueWords } from "./value-words.ts";
import type { Arguments, WorldAccess } from "./world-access.ts";

export interface Behaviour {
  readonly seed: number;
  /** Without, no promise is anywhere, and an execution has one possible course only. */
  readonly isAsync: boolean;
  readonly faultPercent: number;
  readonly nullPercent: number;
  /** Whether `info` is looked at when the execution is over, instead of during the call. */
  readonly readsInfoLate: boolean;
}

/**
 * The data of one execution and what its resolvers do. All of it follows from the seed and from where a value comes from
 * (`Query.f1(a: 1)#0.f2`), never from the order of calls; only a mutation's root fields count up a state.
 */
export class World implements WorldAccess {
  readonly recorder = new Recorder();
  readonly errors = new Errors();
  readonly rootValue: unknown;
  readonly #schema: GraphQLSchema;
  readonly #behaviour: Behaviour;
  readonly #dice: Dice;
  readonly #timing: Timing;
  readonly #infoWords: InfoWords;
  readonly #ids = new WeakMap<object, { readonly id: string; readonly typeName: string }>();
  #state = 0;

  constructor(given: Omit<Given, "rootValue">, rootType: GraphQLObjectType, behaviour: Behaviour, latencySeed: number) {
    this.#schema = given.schema;
    this.#behaviour = behaviour;
    this.#dice = new Dice(`world ${behaviour.seed}`);
    this.#timing = new Timing(latencySeed);
    this.rootValue = this.#object(rootType, rootType.name);
    this.#infoWords = new InfoWords({ ...given, rootValue: this.rootValue }, this.nameOf);
  }

  /** Resolves when nothing of this world is under way. */
  quiet(): Promise<void> {
    return this.#timing.quiet();
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
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    return (isObject ? this.#ids.get(value)?.id : undefined) ?? this.errors.nameOf(value);
  };

  resolveField(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    this.#record("resolve", info, () => `${this.#words(source)} ${this.#words(args)}`);
    return this.#answer(source, args, info);
  }

  /** For methods and properties of sources, which the default resolver finds. */
  callMethod(receiver: unknown, args: Arguments, context: unknown, info: GraphQLResolveInfo): unknown {
    this.#record("method", info, () => `${this.#words(receiver)} ${this.#words(args)} ${this.#words(context)}`);
    return this.#answer(receiver, args, info);
  }

  resolveType(value: unknown, info: GraphQLResolveInfo, abstractType: string): never {
    this.#record("resolveType", info, () => `${this.#words(value)} as ${abstractType}`);
    const id = `${this.nameOf(value)} type of ${abstractType}`;
    return this.#decide(id, () => runtimeTypeName(this.#dice, id, this.#isFaulty(id), this.#typeNameOf(value)));
  }

  isTypeOf(value: unknown, info: GraphQLResolveInfo, typeName: string): never {
    this.#record("isTypeOf", info, () => `${this.#words(value)} is ${typeName}`);
    const id = `${this.nameOf(value)} is ${typeName}`;
    return this.#decide(id, () => (this.#typeNameOf(value) === typeName) !== this.#isFaulty(id));
  }

  /** Type resolvers are called through types that cannot say "perhaps a promise, perhaps nonsense". */
  #decide(id: string, decision: () => unknown): never {
    const isLate = this.#behaviour.isAsync && this.#dice.chance(`${id} late`, 30);
    const decide = (): unknown => {
      if (this.#isFaulty(`${id} fails`)) throw this.errors.make(id);
      return decision();
    };
    return (isLate ? this.#timing.later(id, decide) : decide()) as never;
  }

  #answer(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown {
    const isMutation = info.parentType === this.#schema.getMutationType();
    const id = `${this.nameOf(source) ?? "?"}.${info.fieldName}(${this.#words(args)}${isMutation ? ` ${this.#state++}` : ""})`;
    // What a resolver does to its own arguments must reach nobody else.
    args.spoiled = true;
    return this.#outcome(info.returnType, id, 0);
  }

  /** What a field or an item comes to: a value, a promise, an error. */
  #outcome(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    const { isAsync } = this.#behaviour;
    if (this.#isFaulty(id)) return this.#fail(type, id);
    const isLate = isAsync && this.#dice.chance(`${id} late`, listDepth > 0 ? 25 : 35);
    if (!isLate) return this.#value(type, id, listDepth);
    const promise = (): Promise<unknown> => this.#timing.later(id, () => this.#value(type, id, listDepth));
    return this.#dice.chance(`${id} thenable`, 15) ? this.#thenable(id, promise) : promise();
  }

  #fail(type: GraphQLOutputType, id: string): unknown {
    const fault = this.errors.fault(this.#dice, id, this.#behaviour.isAsync);
    switch (fault.kind) {
      case "throw":
        throw fault.error;
      case "return":
        return fault.error;
      case "reject":
        return this.#timing.later(id, () => {
          throw fault.error;
        });
      case "resolve":
        return this.#timing.later(id, () => fault.error);
      case "null":
        return this.#dice.pick(`${id} nothing`, [null, undefined]);
      case "bad value":
        return this.#badValue(type, id);
    }
  }

  #badValue(type: GraphQLOutputType, id: string): unknown {
    if (isNonNullType(type)) return this.#badValue(type.ofType, id);
    if (isLeafType(type)) return this.#dice.pick(`${id} bad`, badValues[type.name as LeafName]);
    return this.#dice.pick(`${id} bad`, [5, "a text", true, {}, [], 0, ""]);
  }

  #value(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    if (isNonNullType(type)) return this.#presentValue(type.ofType, id, listDepth);
    if (this.#dice.chance(`${id} null`, this.#behaviour.nullPercent)) {
      return this.#dice.pick(`${id} nothing`, [null, undefined]);
    }
    return this.#presentValue(type, id, listDepth);
  }

  #presentValue(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    if (isListType(type)) return this.#list(type.ofType, id, listDepth);
    if (isNonNullType(type)) return this.#presentValue(type.ofType, id, listDepth);
    if (isLeafType(type)) {
      const isLate = type.name === "Odd" && this.#behaviour.isAsync && this.#dice.chance(`${id} odd`, 5);
      return this.#dice.pick(id, isLate ? lateValues : goodValues[type.name as LeafName]);
    }
    return this.#object(this.#runtimeType(type, id), id);
  }

  #list(itemType: GraphQLOutputType, id: string, listDepth: number): unknown {
    const { isAsync } = this.#behaviour;
    // Lists within lists of lists would grow beyond what a test can wait for.
    const depth = id.split("#").length;
    const contents: Contents = {
      id,
      length: this.#dice.roll(`${id} length`, depth > 4 ? 2 : depth > 2 ? 3 : 4),
      item: (index) => this.#item(itemType, `${id}#${index}`, listDepth + 1),
      failure: this.#isFaulty(`${id} ends`) ? { error: this.errors.make(`the end of ${id}`) } : undefined,
      recorder: this.recorder,
    };
    const isAsyncList = isAsync && this.#dice.chance(`${id} async list`, 20);
    const containers = Object.values(isAsyncList ? asyncContainers : syncContainers);
    return this.#dice.pick<(contents: Contents) => unknown>(`${id} container`, containers)(contents);
  }

  /** An item cannot throw, so what would is an `Error` among the items. */
  #item(itemType: GraphQLOutputType, id: string, listDepth: number): unknown {
    try {
      return this.#outcome(itemType, id, listDepth);
    } catch (error) {
      return error instanceof Error ? error : this.errors.make(id);
    }
  }

  #runtimeType(type: GraphQLCompositeType, id: string): GraphQLObjectType {
    if (isObjectType(type)) return type;
    const possible = this.#schema.getPossibleTypes(type);
    // An interface that nothing implements: whatever comes is no possible type.
    return this.#dice.pick(
      `${id} type`,
      possible.length > 0 ? possible : [this.#schema.getType("O0") as GraphQLObjectType],
    );
  }

  #object(type: GraphQLObjectType, id: string): object {
    const source = makeSource({
      type,
      id,
      dice: this.#dice,
      typeName: () => runtimeTypeName(this.#dice, `${id} typename`, this.#isFaulty(`${id} typename`), type.name),
      plainValue: (fieldName, fieldType) => this.#plainValue(fieldType, `${id}.${fieldName}`),
      read: (fieldName, fieldType) => {
        this.recorder.use(`property ${id}.${fieldName}`);
        return this.#outcome(fieldType, `${id}.${fieldName}`, 0);
      },
      call: (...call) => this.callMethod(...call),
    });
    this.#ids.set(source, { id, typeName: type.name });
    return source;
  }

  #plainValue(type: GraphQLOutputType, id: string): { readonly value: unknown } | undefined {
    const isLeaf = isLeafType(isNonNullType(type) ? type.ofType : type);
    if (!isLeaf || this.#isFaulty(id) || this.#dice.chance(`${id} is read`, 50)) return undefined;
    return { value: this.#value(type, id, 0) };
  }

  #thenable(id: string, promise: () => Promise<unknown>): PromiseLike<unknown> {
    const listen: PromiseLike<unknown>["then"] = (...handlers) => {
      this.recorder.use(`then ${id}`);
      return promise().then(...handlers);
    };
    // biome-ignore lint/suspicious/noThenProperty: what is tested is that a promise need not be a Promise
    return { then: listen };
  }

  #record(kind: string, info: GraphQLResolveInfo, words: () => string): void {
    const { readsInfoLate } = this.#behaviour;
    const before = words();
    this.recorder.call(kind, info, readsInfoLate, () => `${before} ${this.#infoWords.of(info)}`);
  }

  #isFaulty(id: string): boolean {
    return this.#dice.chance(`${id} is faulty`, this.#behaviour.faultPercent);
  }

  #typeNameOf(value: unknown): string | undefined {
    return (typeof value === "object" && value !== null) || typeof value === "function"
      ? this.#ids.get(value)?.typeName
      : undefined;
  }

  #words(value: unknown): string {
    return valueWords(value, this.nameOf);
  }
}
