import type { GraphQLResolveInfo } from "graphql";
import { pathKeys } from "./info-words.ts";

/** One call of a function that an application wrote. */
export interface Call {
  /** What was called: "resolve", "method", "resolveType" and so on. */
  readonly kind: string;
  readonly path: readonly (string | number)[];
  readonly parentType: GraphQLResolveInfo["parentType"];
  readonly returnType: GraphQLResolveInfo["returnType"];
  /** Source, arguments and `info`. */
  readonly words: () => string;
}

/** What an execution does to its world, in order. */
export class Recorder {
  readonly calls: Call[] = [];
  /** How often something without a path was used: properties read, items pulled, promises listened to. */
  readonly uses = new Map<string, number>();

  /** @param words asked at once, or when the execution is over if `isLate` */
  call(kind: string, info: GraphQLResolveInfo, isLate: boolean, words: () => string): void {
    const now = isLate ? undefined : words();
    this.calls.push({
      kind,
      path: pathKeys(info.path),
      parentType: info.parentType,
      returnType: info.returnType,
      words: now === undefined ? words : () => now,
    });
  }

  use(what: string): void {
    this.uses.set(what, (this.uses.get(what) ?? 0) + 1);
  }
}
