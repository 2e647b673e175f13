/** Names that the generated file imports, or has within its functions. */
const ownNames = [
  "z",
  ...["commaList", "createRestReads", "linkHeader", "nextCursor", "pageNumber", "path", "postBody", "repeated"],
  ...["rowOffset", "joined", "queryOf", "reserved", "isDateTime", "dateTime", "RestKey"],
  ...["createUpstream", "Upstream", "UpstreamOptions", "UpstreamScope"],
  ...["body", "key", "keys", "options", "page", "query", "reads", "row", "scope", "upstream", "url", "value"],
];

/** Types that TypeScript has without an import, and that no value tells of. */
const builtInTypes = [
  ...["Awaited", "Capitalize", "ConstructorParameters", "Exclude", "Extract", "InstanceType", "Lowercase"],
  ...["NoInfer", "NonNullable", "Omit", "OmitThisParameter", "Parameters", "Partial", "Pick", "PropertyKey"],
  ...["Readonly", "ReadonlyArray", "ReadonlyMap", "ReadonlySet", "Record", "Required", "ReturnType"],
  ...["ThisParameterType", "ThisType", "Uncapitalize", "Uppercase", "ArrayLike", "PromiseLike", "Iterable"],
  ...["AsyncIterable", "Generator", "AsyncGenerator", "TemplateStringsArray", "PropertyDescriptor"],
];

/** Names that a declaration in a generated file must not have, since they mean something else. */
export const reservedNames: readonly string[] = [
  ...ownNames,
  ...builtInTypes,
  ...Object.getOwnPropertyNames(globalThis),
];
