import type { OrderValues } from "./order.ts";

/** A part of a list: the first or, if `backward`, the last `size` rows between two keyset bounds. */
export interface PageWindow {
  /** A whole number, at least 0. */
  readonly size: number;
  readonly backward: boolean;
  /** The lower bound, exclusive. */
  readonly after?: OrderValues;
  /** The upper bound, exclusive. */
  readonly before?: OrderValues;
}

/** The rows of a window in the list's order. */
export interface PageRows<Row> {
  readonly rows: readonly Row[];
  /** Whether more rows follow in the direction of reading. */
  readonly hasMore: boolean;
  /**
   * The exact order values of one of these rows, which JSON can represent.
   * @throws TypeError for a row of another page
   */
  orderValues(row: Row): OrderValues;
}
