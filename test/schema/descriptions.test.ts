import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { schema } from "../../schema/index.ts";

/** A type, its fields, arguments and enum values, with their descriptions. */
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

test("every type, field, argument and enum value has a description", () => {
  expect(described.length).toBeGreaterThan(100);
  expect(described.filter(({ description }) => !description?.trim()).map(({ name }) => name)).toEqual([]);
});

test("the description of every list argument names its maximum length", () => {
  const first = described.filter(({ name }) => name.endsWith("(first:)") || name.endsWith("(ids:)"));
  expect(first.length).toBeGreaterThan(5);
  for (const { name, description } of first) expect(description, name).toMatch(/0 to \d+|At most \d+/);
});
