import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { asyncContainers, type Contents, syncContainers } from "./containers.ts";
import { Errors } from "./faults.ts";
import { badValues, goodValues, type LeafName, lateValues } from "./leaf-types.ts";
import { Recorder } from "./recorder.ts";
import { SeededRandom } from "./seeded-random.ts";
import { makeSource, type SourcePlan } from "./sources.ts";
import { Timing } from "./timing.ts";
import { runtimeTypeName } from "./type-names.ts";

export interface Behaviour {
  readonly seed: number;
  /** Without, no promise is anywhere, and an execution has one possible course only. */
  readonly isAsync: boolean;
  readonly faultPercent: number;
  readonly nullPercent: number;
  /** Whether `info` is read when the execution is over, instead of during the call. */
  readonly readsInfoLate: boolean;
}

/** A proxy with properties to read that cannot be listed. */
const proxyOf = (source: object): object =>
  new Proxy(source, {
    ownKeys() {
      throw new Error("Not to be listed.");
    },
    getOwnPropertyDescriptor() {
      throw new Error("Not to be described.");
    },
  });

const earlyMark = "!";
const isEarly = (id: string): boolean => id.includes(earlyMark);
const rereadable = [syncContainers.array, syncContainers.sameArray, syncContainers.set, syncContainers.sparse];

/**
 * The data of one execution: values, promises, lists and errors. All of it follows from the seed and from where a value
 * comes from (`Query.f1(a: 1)#0.f2`), never from the order in which it is asked for.
 */
export class Values {
  readonly recorder = new Recorder();
  readonly errors = new Errors();
  readonly random: SeededRandom;
  readonly timing: Timing;
  readonly #schema: GraphQLSchema;
  readonly #behaviour: Behaviour;
  readonly #callMethod: SourcePlan["call"];
  readonly #objects = new WeakMap<object, { readonly id: string; readonly typeName: string }>();

  readonly #promises = new Map<string, Promise<unknown>>();
  readonly #shared = new Map<string, object>();

  constructor(schema: GraphQLSchema, behaviour: Behaviour, latencySeed: number, callMethod: SourcePlan["call"]) {
    this.random = new SeededRandom(`world ${behaviour.seed}`);
    this.timing = new Timing(latencySeed);
    this.#schema = schema;
    this.#behaviour = behaviour;
    this.#callMethod = callMethod;
  }

  isFaulty(id: string): boolean {
    return this.random.chance(`${id} is faulty`, this.#behaviour.faultPercent);
  }

  /** Which object this is, and of which type; undefined for anything that was not made here. */
  knownObject(value: unknown): { readonly id: string; readonly typeName: string } | undefined {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    return isObject ? this.#objects.get(value) : undefined;
  }

  /** The outcome of a field or an item: a value, a promise, an error. */
  outcome(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    const { isAsync } = this.#behaviour;
    if (this.isFaulty(id)) return this.#fail(type, id);
    const isLate = isAsync && this.random.chance(`${id} late`, listDepth > 0 ? 25 : 35);
    if (!isLate) return this.#value(type, id, listDepth);
    if (!isEarly(id) && this.random.chance(`${id} shared`, 10)) return this.#sharedPromise(type, id);
    const promise = (): Promise<unknown> => this.timing.later(id, () => this.#value(type, id, listDepth));
    return !isEarly(id) && this.random.chance(`${id} thenable`, 15) ? this.#thenable(id, promise) : promise();
  }

  /** One promise that many fields give, as a DataLoader does. Not of a list, which may be such that it is read once. */
  #sharedPromise(type: GraphQLOutputType, id: string): Promise<unknown> {
    if (isListType(getNullableType(type))) return this.timing.later(id, () => this.#value(type, id, 0));
    const key = `shared ${type} ${this.random.integer(`${id} which`, 2)}`;
    const known = this.#promises.get(key);
    if (known) return known;
    const fails = this.isFaulty(key);
    const made = this.timing.later(key, () => {
      if (fails) throw this.errors.make(key);
      return this.#value(type, key, 0);
    });
    // Each user of it handles the rejection. The process must not end meanwhile.
    made.catch(() => undefined);
    this.#promises.set(key, made);
    return made;
  }

  #fail(type: GraphQLOutputType, id: string): unknown {
    const fault = this.errors.fault(this.random, id, this.#behaviour.isAsync);
    switch (fault.kind) {
      case "throw":
        throw fault.error;
      case "return":
        return fault.error;
      case "reject":
        return this.timing.later(id, () => {
          throw fault.error;
        });
      case "resolve":
        return this.timing.later(id, () => fault.error);
      case "null":
        return this.random.pick(`${id} nothing`, [null, undefined]);
      case "bad value":
        return this.#badValue(type, id);
    }
  }

  #badValue(type: GraphQLOutputType, id: string): unknown {
    if (isNonNullType(type)) return this.#badValue(type.ofType, id);
    if (isLeafType(type)) return this.random.pick(`${id} bad`, badValues[type.name as LeafName]);
    return this.random.pick(`${id} bad`, [5, "a text", true, {}, [], 0, ""]);
  }

  #value(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    if (isNonNullType(type)) return this.#presentValue(type.ofType, id, listDepth);
    if (this.random.chance(`${id} null`, this.#behaviour.nullPercent)) {
      return this.random.pick(`${id} nothing`, [null, undefined]);
    }
    return this.#presentValue(type, id, listDepth);
  }

  #presentValue(type: GraphQLOutputType, id: string, listDepth: number): unknown {
    if (isListType(type)) return this.#list(type.ofType, id, listDepth);
    if (isNonNullType(type)) return this.#presentValue(type.ofType, id, listDepth);
    if (isLeafType(type)) {
      const isLate = type.name === "Odd" && this.#behaviour.isAsync && this.random.chance(`${id} odd`, 5);
      return this.random.pick(id, isLate ? lateValues : goodValues[type.name as LeafName]);
    }
    // A type's resolvers may do with less than an object.
    if (isObjectType(type) && this.random.chance(`${id} bare`, 3))
      return this.random.pick(`${id} bare`, [7, "text", true]);
    return this.#anyObject(this.#runtimeType(type, id), id);
  }

  /** A new object, or one that is shared by several positions. */
  #anyObject(type: GraphQLObjectType, id: string): object {
    // An object that is made before it is read would contain itself.
    if (isEarly(id) || !this.random.chance(`${id} same`, 8)) return this.object(type, id);
    const known = this.#shared.get(type.name);
    const shared = known ?? this.object(type, `the ${type}`);
    this.#shared.set(type.name, shared);
    return shared;
  }

  #list(itemType: GraphQLOutputType, id: string, listDepth: number): unknown {
    const { isAsync } = this.#behaviour;
    // Nested lists would grow too large for a test.
    const depth = id.split("#").length;
    const contents: Contents = {
      id,
      length: this.#length(id, depth),
      item: (index) => this.#item(itemType, `${id}#${index}`, listDepth + 1),
      failure: this.isFaulty(`${id} ends`) ? { error: this.errors.make(`the end of ${id}`) } : undefined,
      recorder: this.recorder,
    };
    // Fields that read one property several times all get its one list.
    if (isEarly(id)) return this.random.pick<(contents: Contents) => unknown>(`${id} container`, rereadable)(contents);
    const isAsyncList = isAsync && this.random.chance(`${id} async list`, 20);
    const containers = Object.values(isAsyncList ? asyncContainers : syncContainers);
    return this.random.pick<(contents: Contents) => unknown>(`${id} container`, containers)(contents);
  }

  #length(id: string, depth: number): number {
    if (depth === 1 && this.random.chance(`${id} is long`, 1)) return 30;
    return this.random.integer(`${id} length`, depth > 4 ? 2 : depth > 2 ? 3 : 4);
  }

  /** An item cannot throw: a fault is an `Error` among the items. */
  #item(itemType: GraphQLOutputType, id: string, listDepth: number): unknown {
    try {
      return this.outcome(itemType, id, listDepth);
    } catch (error) {
      return error instanceof Error ? error : this.errors.make(id);
    }
  }

  #runtimeType(type: GraphQLCompositeType, id: string): GraphQLObjectType {
    if (isObjectType(type)) return type;
    const possible = this.#schema.getPossibleTypes(type);
    // An interface that nothing implements: whatever comes is no possible type.
    return this.random.pick(
      `${id} type`,
      possible.length > 0 ? possible : [this.#schema.getType("O0") as GraphQLObjectType],
    );
  }

  object(type: GraphQLObjectType, id: string): object {
    const source = makeSource({
      type,
      id,
      random: this.random,
      typeName: () => runtimeTypeName(this.random, `${id} typename`, this.isFaulty(`${id} typename`), type.name),
      plainValue: (fieldName, fieldType) =>
        this.#plainValue(fieldType, `${id}.${fieldName}`) ?? this.#earlyValue(fieldType, `${id}.${fieldName}`),
      read: (fieldName, fieldType) => {
        this.recorder.use(`property ${id}.${fieldName}`);
        return this.outcome(fieldType, `${id}.${fieldName}`, 0);
      },
      call: this.#callMethod,
    });
    const given = this.random.chance(`${id} proxy`, 5) ? proxyOf(source) : source;
    this.#objects.set(given, { id, typeName: type.name });
    return given;
  }

  #plainValue(type: GraphQLOutputType, id: string): { readonly value: unknown } | undefined {
    const isLeaf = isLeafType(isNonNullType(type) ? type.ofType : type);
    if (!isLeaf || this.isFaulty(id) || this.random.chance(`${id} is read`, 50)) return undefined;
    return { value: this.#value(type, id, 0) };
  }

  /**
   * A property that is there before anybody reads it, with promises in it, at any depth: they settle while others are
   * waited for. Undefined for one that is made when it is read, and where objects within objects would never end.
   */
  #earlyValue(type: GraphQLOutputType, id: string): { readonly value: unknown } | undefined {
    const depth = id.split(".").length;
    if (!this.#behaviour.isAsync || depth > 6 || !this.random.chance(`${id} is early`, isEarly(id) ? 30 : 8))
      return undefined;
    try {
      return { value: this.outcome(type, `${id}${earlyMark}`, 0) };
    } catch {
      return undefined;
    }
  }

  #thenable(id: string, promise: () => Promise<unknown>): PromiseLike<unknown> {
    const listen: PromiseLike<unknown>["then"] = (...handlers) => {
      this.recorder.use(`then ${id}`);
      return promise().then(...handlers);
    };
    // biome-ignore lint/suspicious/noThenProperty: what is tested is that a promise need not be a Promise
    return { then: listen };
  }
}
