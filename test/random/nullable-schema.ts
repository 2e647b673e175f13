import {
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLUnionType,
  getNullableType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isUnionType,
  specifiedDirectives,
} from "graphql";

/**
 * A copy of the schema with the same resolvers, all fields and items nullable, without @defer and @stream: errors do not
 * propagate, and graphql's plain execution reports all of them.
 */
export function nullableSchema(schema: GraphQLSchema): GraphQLSchema {
  const copies = new Map<string, GraphQLNamedType>();
  const named = (type: GraphQLNamedType): GraphQLNamedType => {
    const copied = copies.get(type.name) ?? copy(type);
    copies.set(type.name, copied);
    return copied;
  };
  const output = (type: GraphQLOutputType): GraphQLOutputType => {
    const nullable = getNullableType(type);
    return isListType(nullable) ? new GraphQLList(output(nullable.ofType)) : (named(nullable) as GraphQLOutputType);
  };
  const fieldsOf = (type: GraphQLObjectType | GraphQLInterfaceType) => {
    const { fields } = type.toConfig();
    return Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, { ...field, type: output(field.type) }]),
    );
  };
  const interfacesOf = (type: GraphQLObjectType | GraphQLInterfaceType) =>
    type.getInterfaces().map((one) => named(one) as GraphQLInterfaceType);
  const copy = (type: GraphQLNamedType): GraphQLNamedType => {
    const inherited = { fields: () => ({}), interfaces: () => [] };
    if (isObjectType(type)) {
      return new GraphQLObjectType({
        ...type.toConfig(),
        ...inherited,
        fields: () => fieldsOf(type),
        interfaces: () => interfacesOf(type),
      });
    }
    if (isInterfaceType(type)) {
      return new GraphQLInterfaceType({
        ...type.toConfig(),
        ...inherited,
        fields: () => fieldsOf(type),
        interfaces: () => interfacesOf(type),
      });
    }
    if (isUnionType(type)) {
      const types = () => type.getTypes().map((one) => named(one) as GraphQLObjectType);
      return new GraphQLUnionType({ ...type.toConfig(), types });
    }
    return type;
  };
  const config = schema.toConfig();
  return new GraphQLSchema({
    ...config,
    directives: specifiedDirectives,
    query: config.query && (named(config.query) as GraphQLObjectType),
    mutation: null,
    subscription: null,
    types: config.types.filter((type) => !isIntrospectionType(type)).map(named),
  });
}
