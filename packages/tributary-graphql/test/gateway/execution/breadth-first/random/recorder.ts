import type { GraphQLResolveInfo } from "graphql";
import { pathKeys } from "./info-text.ts";

/** One call of a function that an application wrote. */
export interface Call {
  /** The kind of function: "resolve", "method", "resolveType" and so on. */
  readonly kind: string;
  readonly path: readonly (string | number)[];
  readonly parentType: GraphQLResolveInfo["parentType"];
  readonly returnType: GraphQLResolveInfo["returnType"];
  /** Source, arguments and `info`. */
  readonly text: () => string;
}

/** Records the calls of an execution, in order. */
export class Recorder {
  readonly calls: Call[] = [];
  /** How often something without a path was used: properties read, items pulled, promises listened to. */
  readonly uses = new Map<string, number>();

  /** @param words asked at once, or when the execution is over if `isLate` */
  call(kind: string, info: GraphQLResolveInfo, isLate: boolean, text: () => string): void {
    const now = isLate ? undefined : text();
    this.calls.push({
      kind,
      path: pathKeys(info.path),
      parentType: info.parentType,
      returnType: info.returnType,
      text: now === undefined ? text : () => now,
    });
  }

  use(what: string): void {
    this.uses.set(what, (this.uses.get(what) ?? 0) + 1);
  }
}
