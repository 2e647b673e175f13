import type { GraphQLResponse, GraphQLSingularResponse, PayloadError } from "relay-runtime";
import { MergedAnswer } from "./merged-answer.ts";
import type { Announcement, PartById, PartByPath, Path, Payload } from "./payload.ts";

/** Where Relay waits for a part: it knows each one by its path and its compiler's label. */
type Place = Omit<Announcement, "id">;

/**
 * Turns the payloads of one answer, in either format, into what Relay takes: a deferred fragment with its path and
 * label, a streamed item with its index, and `is_final` on the last.
 *
 * A fragment is handed on with everything that is known at its path: a server sends a field only once where fragments
 * overlap, and Relay expects it in each of them. A part that failed is handed on last, because Relay ends the whole
 * query with it.
 */
export class RelayResponses {
  #answer = new MergedAnswer(undefined);
  readonly #announced = new Map<string, Place>();
  /** All that came with data, to be told again with each part that has the field: Relay forgets an error otherwise. */
  readonly #errors: PayloadError[] = [];
  readonly #failed: GraphQLSingularResponse[] = [];

  /** The responses to deliver for a payload, in this order. */
  take(payload: Payload): GraphQLResponse[] {
    const isLast = payload.hasNext !== true;
    const responses: GraphQLSingularResponse[] = "data" in payload || payload.errors ? [this.#takeFirst(payload)] : [];
    for (const place of payload.pending ?? []) this.#announced.set(place.id, place);
    // All of a payload is put in its place first: what one fragment asks for can lie in several parts.
    const handOn = (payload.incremental ?? []).map((part) => this.#store(part));
    responses.push(...handOn.flatMap((responsesOf) => responsesOf()));
    for (const { id, errors } of payload.completed ?? []) responses.push(...this.#complete(id, errors));
    if (!isLast) return responses.length > 0 ? [responses] : [];
    return [closed(responses), ...this.#failed.splice(0)];
  }

  #takeFirst({ data, errors, extensions }: Payload): GraphQLSingularResponse {
    this.#answer = new MergedAnswer(data);
    this.#errors.push(...(errors ?? []));
    // Relay's types know no answer that is null and has errors; Relay does, and reports them.
    const response = { data, ...(errors && { errors }), ...(extensions && { extensions }) };
    return response as GraphQLSingularResponse;
  }

  #store(part: PartById | PartByPath): () => GraphQLSingularResponse[] {
    return "id" in part ? this.#storeById(part) : this.#storeByPath(part);
  }

  /** A fragment is handed on when it is complete. */
  #storeById({ id, subPath = [], data, items, errors = [] }: PartById): () => GraphQLSingularResponse[] {
    const place = this.#place(id);
    if (items) return this.#storeItems(place, items, errors);
    if (data) this.#storeData([...place.path, ...subPath], data, errors);
    return () => [];
  }

  #storeByPath({ path = [], label, data, items, errors = [] }: PartByPath): () => GraphQLSingularResponse[] {
    if (items) return this.#storeItems({ path: path.slice(0, -1), label }, items, errors);
    if (!data) return () => this.#fail({ path, label }, errors);
    this.#storeData(path, data, errors);
    return () => [this.#fragment({ path, label })];
  }

  #storeData(path: Path, data: object, errors: readonly PayloadError[]): void {
    this.#answer.merge(path, data);
    this.#errors.push(...errors);
  }

  #storeItems(
    { path, label }: Place,
    items: readonly unknown[],
    errors: readonly PayloadError[],
  ): () => GraphQLSingularResponse[] {
    const first = this.#answer.lengthAt(path);
    for (const item of items) this.#answer.append(path, item);
    this.#errors.push(...errors);
    return () =>
      items.flatMap((item, at) => {
        const place = { path: [...path, first + at], label };
        return item === null ? this.#fail(place, this.#errorsWithin(place.path)) : [this.#fragment(place)];
      });
  }

  #complete(id: string, failure: readonly PayloadError[] | undefined): GraphQLSingularResponse[] {
    const place = this.#place(id);
    this.#announced.delete(id);
    if (failure) return this.#fail(place, failure);
    // The items of a list have been handed on one by one.
    return Array.isArray(this.#answer.at(place.path)) ? [] : [this.#fragment(place)];
  }

  #place(id: string): Place {
    const place = this.#announced.get(id);
    if (place === undefined) throw new Error(`The server sent a part ${id} that it had not announced.`);
    return place;
  }

  /** Relay looks for an error's field from where the part begins, and not from the root. */
  #fragment({ path, label }: Place): GraphQLSingularResponse {
    const errors = this.#errorsWithin(path).map((error) => ({ ...error, path: error.path?.slice(path.length) }));
    return {
      data: this.#answer.at(path) as object,
      path: [...path],
      label,
      ...(errors.length > 0 && { errors }),
    };
  }

  #errorsWithin(place: Path): PayloadError[] {
    return this.#errors.filter(({ path }) => path !== undefined && place.every((key, at) => path[at] === key));
  }

  #fail({ path, label }: Place, errors: readonly PayloadError[]): GraphQLSingularResponse[] {
    this.#failed.push({ errors: [...errors], path: [...path], label });
    return [];
  }
}

/** Says of the last of them that nothing follows; alone where there is nothing else to say. */
function closed(responses: readonly GraphQLSingularResponse[]): GraphQLResponse {
  const last = responses.at(-1);
  if (last === undefined) return { data: null, extensions: { is_final: true } };
  return [...responses.slice(0, -1), { ...last, extensions: { ...last.extensions, is_final: true } }];
}
