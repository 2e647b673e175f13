import type { GraphQLResponse, GraphQLSingularResponse, PayloadError } from "relay-runtime";
import { MergedAnswer } from "./merged-answer.ts";
import type { PartById, PartByPath, Path, Payload, PendingPart } from "./payload.ts";

/** The identity of a part for Relay: its path, and the label that Relay's compiler gave it. */
type LabeledPath = Omit<PendingPart, "id">;

/**
 * Converts the payloads of one result, in either format, into Relay's responses: a deferred fragment with its path and
 * label, a streamed item with its index, and `is_final` on the last one.
 *
 * A fragment is delivered with all data at its path, because a server sends a field of overlapping fragments only once,
 * and Relay expects it in each of them. A failed part is delivered last, because Relay ends the whole query with it.
 */
export class RelayResponses {
  #result = new MergedAnswer(undefined);
  readonly #pending = new Map<string, LabeledPath>();
  /**
   * The errors of all data so far. Each is repeated with every part that has its field, because Relay drops it
   * otherwise.
   */
  readonly #errors: PayloadError[] = [];
  readonly #failed: GraphQLSingularResponse[] = [];

  /** The responses to deliver for a payload, in this order. */
  add(payload: Payload): GraphQLResponse[] {
    const isLast = payload.hasNext !== true;
    const responses: GraphQLSingularResponse[] = "data" in payload || payload.errors ? [this.#addInitial(payload)] : [];
    for (const part of payload.pending ?? []) this.#pending.set(part.id, part);
    // All parts of a payload are stored first, because the data of a fragment may be in several of them.
    const deliveries = (payload.incremental ?? []).map((part) => this.#store(part));
    responses.push(...deliveries.flatMap((deliver) => deliver()));
    for (const { id, errors } of payload.completed ?? []) responses.push(...this.#complete(id, errors));
    if (!isLast) return responses.length > 0 ? [responses] : [];
    return [final(responses), ...this.#failed.splice(0)];
  }

  #addInitial({ data, errors, extensions }: Payload): GraphQLSingularResponse {
    this.#result = new MergedAnswer(data);
    this.#errors.push(...(errors ?? []));
    // Relay's types exclude null data with errors, which Relay itself handles.
    const response = { data, ...(errors && { errors }), ...(extensions && { extensions }) };
    return response as GraphQLSingularResponse;
  }

  #store(part: PartById | PartByPath): () => GraphQLSingularResponse[] {
    return "id" in part ? this.#storeById(part) : this.#storeByPath(part);
  }

  /** A fragment is delivered when it is complete. */
  #storeById({ id, subPath = [], data, items, errors = [] }: PartById): () => GraphQLSingularResponse[] {
    const target = this.#pendingPart(id);
    if (items) return this.#storeItems(target, items, errors);
    if (data) this.#storeData([...target.path, ...subPath], data, errors);
    return () => [];
  }

  #storeByPath({ path = [], label, data, items, errors = [] }: PartByPath): () => GraphQLSingularResponse[] {
    if (items) return this.#storeItems({ path: path.slice(0, -1), label }, items, errors);
    if (!data) return () => this.#fail({ path, label }, errors);
    this.#storeData(path, data, errors);
    return () => [this.#fragment({ path, label })];
  }

  #storeData(path: Path, data: object, errors: readonly PayloadError[]): void {
    this.#result.merge(path, data);
    this.#errors.push(...errors);
  }

  #storeItems(
    { path, label }: LabeledPath,
    items: readonly unknown[],
    errors: readonly PayloadError[],
  ): () => GraphQLSingularResponse[] {
    const first = this.#result.lengthAt(path);
    for (const item of items) this.#result.append(path, item);
    this.#errors.push(...errors);
    return () =>
      items.flatMap((item, at) => {
        const target = { path: [...path, first + at], label };
        return item === null ? this.#fail(target, this.#errorsWithin(target.path)) : [this.#fragment(target)];
      });
  }

  #complete(id: string, failure: readonly PayloadError[] | undefined): GraphQLSingularResponse[] {
    const target = this.#pendingPart(id);
    this.#pending.delete(id);
    if (failure) return this.#fail(target, failure);
    // The items of a list have been delivered one by one.
    return Array.isArray(this.#result.at(target.path)) ? [] : [this.#fragment(target)];
  }

  #pendingPart(id: string): LabeledPath {
    const part = this.#pending.get(id);
    if (part === undefined) throw new Error(`The server sent part ${id}, which is not pending.`);
    return part;
  }

  /** Relay takes the path of an error relative to the part, and not to the root. */
  #fragment({ path, label }: LabeledPath): GraphQLSingularResponse {
    const errors = this.#errorsWithin(path).map((error) => ({ ...error, path: error.path?.slice(path.length) }));
    return {
      data: this.#result.at(path) as object,
      path: [...path],
      label,
      ...(errors.length > 0 && { errors }),
    };
  }

  #errorsWithin(prefix: Path): PayloadError[] {
    return this.#errors.filter(({ path }) => path !== undefined && prefix.every((key, at) => path[at] === key));
  }

  #fail({ path, label }: LabeledPath, errors: readonly PayloadError[]): GraphQLSingularResponse[] {
    this.#failed.push({ errors: [...errors], path: [...path], label });
    return [];
  }
}

/** Marks the last response as final; without one, a response that only says so. */
function final(responses: readonly GraphQLSingularResponse[]): GraphQLResponse {
  const last = responses.at(-1);
  if (last === undefined) return { data: null, extensions: { is_final: true } };
  return [...responses.slice(0, -1), { ...last, extensions: { ...last.extensions, is_final: true } }];
}
