/** How many items a list has, for the cost of operations: the arguments of the directive `@listSize`. */
export interface ListSize {
  /** The number of items where no slicing argument is given. Default: `maxSize`, else 10. */
  readonly assumedSize?: number;
  /**
   * The arguments that bound the list: an `Int` is the number of items, and a list has as many items as the argument has. A
   * dot reaches into an input object: `page.first`. Of several that are given, the largest counts.
   */
  readonly slicingArguments?: readonly string[];
  /** The fields of the returned object that are the lists, such as `edges` and `nodes` of a connection. */
  readonly sizedFields?: readonly string[];
  /**
   * Whether exactly one slicing argument must be given. Default: true where there are slicing arguments, and neither
   * `assumedSize` nor `maxSize`.
   */
  readonly requireOneSlicingArgument?: boolean;
  /** The most items that the field ever returns: a larger slicing argument counts as this. Default: no maximum. */
  readonly maxSize?: number;
}

/** The cost of a field, an argument or a type. */
export interface CostOptions {
  /**
   * Of a field: what one execution costs, beside the objects that it returns. Of an object type: what one object costs. Of a
   * scalar or enum: what one value costs. Of an argument or input field: what giving it costs. A number, at least 0.
   */
  readonly weight?: number;
  readonly listSize?: ListSize;
}

/** The member of an argument's `extensions` that holds its `PageSize`. */
export const pageSizeKey = "pageSize";

/** In the `extensions` of the arguments `first` and `last` of a connection. */
export interface PageSize {
  /** The number of items where neither argument is given. */
  readonly default: number;
  /** The most items of a page. */
  readonly max: number;
}
