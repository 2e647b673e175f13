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
  readonly #errors = new Map<string, PayloadError[]>();
  readonly #failed: GraphQLSingularResponse[] = [];

  /** What to hand on when a payload has come, in this order. */
  take(payload: Payload): GraphQLResponse[] {
    const isLast = payload.hasNext !== true;
    const responses: GraphQLSingularResponse[] = "data" in payload || payload.errors ? [this.#takeFirst(payload)] : [];
    for (const place of payload.pending ?? []) this.#announced.set(place.id, place);
    for (const part of payload.incremental ?? []) {
      responses.push(...("id" in part ? this.#takeById(part) : this.#takeByPath(part)));
    }
    for (const { id, errors } of payload.completed ?? []) responses.push(...this.#complete(id, errors));
    if (!isLast) return responses.length > 0 ? [responses] : [];
    return [closed(responses), ...this.#failed.splice(0)];
  }

  #takeFirst({ data, errors, extensions }: Payload): GraphQLSingularResponse {
    this.#answer = new MergedAnswer(data);
    // Relay's types know no answer that is null and has errors; Relay does, and reports them.
    const response = { data, ...(errors && { errors }), ...(extensions && { extensions }) };
    return response as GraphQLSingularResponse;
  }

  #takeById({ id, subPath = [], data, items, errors = [] }: PartById): GraphQLSingularResponse[] {
    const place = this.#announced.get(id);
    if (place === undefined) throw new Error(`The server sent a part ${id} that it had not announced.`);
    if (items) return this.#takeItems(place, items, errors);
    if (data) this.#answer.merge([...place.path, ...subPath], data);
    this.#errors.set(id, [...(this.#errors.get(id) ?? []), ...errors]);
    return [];
  }

  #complete(id: string, failure: readonly PayloadError[] | undefined): GraphQLSingularResponse[] {
    const place = this.#announced.get(id);
    if (place === undefined) throw new Error(`The server completed a part ${id} that it had not announced.`);
    this.#announced.delete(id);
    const errors = this.#errors.get(id) ?? [];
    if (failure) return this.#fail(place, [...errors, ...failure]);
    // The items of a list have been handed on one by one.
    return Array.isArray(this.#answer.at(place.path)) ? [] : [this.#fragment(place, errors)];
  }

  #takeByPath({ path = [], label, data, items, errors = [] }: PartByPath): GraphQLSingularResponse[] {
    if (items) return this.#takeItems({ path: path.slice(0, -1), label }, items, errors);
    if (!data) return this.#fail({ path, label }, errors);
    this.#answer.merge(path, data);
    return [this.#fragment({ path, label }, errors)];
  }

  #fragment({ path, label }: Place, errors: readonly PayloadError[]): GraphQLSingularResponse {
    return responseAt(path, label, this.#answer.at(path), errors);
  }

  #takeItems(
    { path, label }: Place,
    items: readonly unknown[],
    errors: readonly PayloadError[],
  ): GraphQLSingularResponse[] {
    return items.flatMap((item) => {
      const itemPath = [...path, this.#answer.lengthAt(path)];
      this.#answer.append(path, item);
      const own = errors.filter((error) => isWithin(error, itemPath));
      return item === null ? this.#fail({ path: itemPath, label }, own) : [responseAt(itemPath, label, item, own)];
    });
  }

  #fail({ path, label }: Place, errors: readonly PayloadError[]): GraphQLSingularResponse[] {
    this.#failed.push({ errors: [...errors], path: [...path], label });
    return [];
  }
}

/** Relay looks for an error's field from where the part begins, and not from the root. */
function responseAt(
  path: Path,
  label: string | undefined,
  data: unknown,
  errors: readonly PayloadError[],
): GraphQLSingularResponse {
  const relative = errors.map((error) =>
    isWithin(error, path) ? { ...error, path: error.path?.slice(path.length) } : error,
  );
  return { data: data as object, path: [...path], label, ...(errors.length > 0 && { errors: relative }) };
}

const isWithin = ({ path }: PayloadError, place: Path): boolean =>
  path !== undefined && place.every((key, at) => path[at] === key);

/** Says of the last of them that nothing follows; alone where there is nothing else to say. */
function closed(responses: readonly GraphQLSingularResponse[]): GraphQLResponse {
  const last = responses.at(-1);
  if (last === undefined) return { data: null, extensions: { is_final: true } };
  return [...responses.slice(0, -1), { ...last, extensions: { ...last.extensions, is_final: true } }];
}
