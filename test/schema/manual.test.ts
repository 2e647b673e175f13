import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { schema } from "../../schema/index.ts";

/** Every named part of a type with its description: the type, fields, arguments and enum values. */
function parts(type: GraphQLNamedType): { name: string; description: string | null | undefined }[] {
  const own = { name: type.name, description: type.description };
  if (isEnumType(type))
    return [own, ...type.getValues().map(({ name, description }) => ({ name: `${type.name}.${name}`, description }))];
  if (isInputObjectType(type)) {
    return [
      own,
      ...Object.values(type.getFields()).map(({ name, description }) => ({
        name: `${type.name}.${name}`,
        description,
      })),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const fields = Object.values(type.getFields()).flatMap(({ name, description, args }) => [
    { name: `${type.name}.${name}`, description },
    ...args.map((argument) => ({ name: `${type.name}.${name}(${argument.name}:)`, description: argument.description })),
  ]);
  return [own, ...fields];
}

const described = Object.values(schema.getTypeMap())
  .filter(({ name }) => !name.startsWith("__"))
  .flatMap(parts);

test("the schema is a manual: every type, field, argument and enum value has a description", () => {
  expect(described.length).toBeGreaterThan(100);
  expect(described.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([]);
});

test("every list has a bound that its description names", () => {
  const first = described.filter(({ name }) => name.endsWith("(first:)") || name.endsWith("(ids:)"));
  expect(first.length).toBeGreaterThan(5);
  for (const { name, description } of first) expect(description, name).toMatch(/0 to \d+|At most \d+/);
});
