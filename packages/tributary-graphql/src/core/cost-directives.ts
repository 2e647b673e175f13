/**
 * The definitions of the directives `@cost` and `@listSize`, for a schema that is written in SDL. `maxSize` is an addition to
 * the cost directives specification.
 *
 * @see https://ibm.github.io/graphql-specs/cost-spec.html
 * @example buildSchema(`${costDirectives} type Query { cities(first: Int): [City!]! @listSize(slicingArguments: ["first"]) }`)
 */
export const costDirectives = `"""The cost of a field's execution, an object, a value or an argument."""
directive @cost(
  """A number, at least 0."""
  weight: String!
) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR

"""The number of items of a list, for the cost of operations."""
directive @listSize(
  """The number of items where no slicing argument is given. Default: maxSize."""
  assumedSize: Int

  """The arguments that bound the list. The largest one counts."""
  slicingArguments: [String!]

  """The fields of the returned object that are the lists."""
  sizedFields: [String!]

  """
  Whether exactly one slicing argument must be given. Default: where there are slicing arguments, and neither assumedSize nor maxSize.
  """
  requireOneSlicingArgument: Boolean

  """The most items that the field ever returns: a larger slicing argument counts as this."""
  maxSize: Int
) on FIELD_DEFINITION
`;
