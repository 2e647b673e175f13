import type { OrderValues } from "./order.ts";

/** Which part of a list: the first or the last `size` rows between two places, both left out. */
export interface PageWindow {
  /** A whole number from 0. */
  readonly size: number;
  readonly backward: boolean;
  readonly after?: OrderValues;
  readonly before?: OrderValues;
}

/** The rows of a window in the list's order. */
export interface PageRows<Row> {
  readonly rows: readonly Row[];
  /** Whether more rows follow in the direction that was read. */
  readonly hasMore: boolean;
  /**
   * Where one of these rows stands in the list, exact to the last digit; JSON can carry it.
   * @throws TypeError for a row of another page
   */
  orderValues(row: Row): OrderValues;
}
