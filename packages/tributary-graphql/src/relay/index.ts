export {
  type Connection,
  type ConnectionArguments,
  type ConnectionReads,
  connection,
  defaultPageSize,
  type ListIdentity,
  type Page,
} from "./connection.ts";
export { type CursorList, decodeCursor, encodeCursor } from "./cursor.ts";
export type { Direction, Order, OrderColumn, OrderOf, OrderType, OrderValues } from "./order.ts";
export type { PageRows, PageWindow } from "./page.ts";
