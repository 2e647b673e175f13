/** Names that the generated file imports or has in its functions. */
const ownNames = [
  "z",
  ...["commaList", "createRestReads", "linkHeader", "nextCursor", "pageNumber", "path", "postBody", "repeated"],
  ...["rowOffset", "joined", "queryOf", "reserved", "isDateTime", "dateTime", "RestKey"],
  ...["createUpstream", "Upstream", "UpstreamOptions", "UpstreamScope"],
  ...["body", "key", "keys", "options", "page", "query", "reads", "row", "scope", "upstream", "url", "value"],
];

/** Global types of TypeScript without a global value. */
const builtInTypes = [
  ...["Awaited", "Capitalize", "ConstructorParameters", "Exclude", "Extract", "InstanceType", "Lowercase"],
  ...["NoInfer", "NonNullable", "Omit", "OmitThisParameter", "Parameters", "Partial", "Pick", "PropertyKey"],
  ...["Readonly", "ReadonlyArray", "ReadonlyMap", "ReadonlySet", "Record", "Required", "ReturnType"],
  ...["ThisParameterType", "ThisType", "Uncapitalize", "Uppercase", "ArrayLike", "PromiseLike", "Iterable"],
  ...["AsyncIterable", "Generator", "AsyncGenerator", "TemplateStringsArray", "PropertyDescriptor"],
];

/** Names that a generated file must not declare, because they have another meaning. */
export const reservedNames: readonly string[] = [
  ...ownNames,
  ...builtInTypes,
  ...Object.getOwnPropertyNames(globalThis),
];
