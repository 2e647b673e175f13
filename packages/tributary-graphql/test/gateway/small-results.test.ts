import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, test, vi } from "vitest";

test("a small result is made without asking the operating system for its CPU time at every look at the clock", async () => {
  const made = toyGateway("type Query { nodes: [Node!] } type Node { id: Int }", {
    Query: { nodes: () => Array.from({ length: 1_000 }, (_, id) => ({ id })) },
    Node: { id: (node) => (node as { id: number }).id },
  });
  const reads = vi.spyOn(process, "threadCpuUsage");
  const response = await made.post("{ nodes { id } }");
  expect((await response.json()).data.nodes).toHaveLength(1_000);
  // A look for every eighth resolver or so: none reads it, unless the machine holds the thread up.
  expect(reads.mock.calls.length).toBeLessThan(5);
});
