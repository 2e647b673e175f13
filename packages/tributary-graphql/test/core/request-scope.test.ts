import { postInit, type ToyOptions, type ToyResolvers, toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";

test("a source can read the declared headers of the client's request, whatever their case", async () => {
  const resolvers: ToyResolvers = {
    Query: {
      tenant: (_parent, _arguments, { headers }) => headers.get("x-tenant"),
      other: (_parent, _arguments, { headers }) => headers.get("x-other"),
    },
  };
  const options = { headers: ["x-tenant", "x-other"] };
  const { gateway } = toyGateway("type Query { tenant: String other: String }", resolvers, options);
  const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 });
  const sent = postInit("{ tenant other }", { accept: "application/json", headers: { "X-Tenant": "a, b" } });
  const answer = await fetch(new URL("/graphql", url), sent);
  expect(await answer.json()).toEqual({ data: { tenant: "a, b", other: null } });
});

test("spreading a scope does not compile, because it would lose its lazy properties", () => {
  const options: ToyOptions = {
    // @ts-expect-error a spread has none of the scope's properties
    createContext: (scope) => ({ ...scope }),
  };
  expect(Object.keys(options)).toEqual(["createContext"]);
});
