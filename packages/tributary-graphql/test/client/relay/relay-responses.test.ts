import { expect, test } from "vitest";
import { RelayResponses } from "../../../src/client/relay/relay-responses.ts";

const label = "query$defer$fragment";
const isFinal = { is_final: true };

test("a result in one payload is delivered as final", () => {
  const responses = new RelayResponses();
  expect(responses.add({ data: { a: 1 } })).toEqual([[{ data: { a: 1 }, extensions: isFinal }]]);
});

test("a fragment is delivered with the data of another fragment at the same path", () => {
  const responses = new RelayResponses();
  const pending = [
    { id: "0", path: ["a"], label: "one" },
    { id: "1", path: ["a"], label: "two" },
  ];
  responses.add({ data: { a: { id: 1 } }, pending, hasNext: true });
  const incremental = [
    { id: "0", data: { b: { c: 2 } } },
    { id: "0", subPath: ["b"], data: { d: 3 } },
  ];
  const [both] = responses.add({ incremental, completed: [{ id: "0" }, { id: "1" }], hasNext: false });
  const data = { id: 1, b: { c: 2, d: 3 } };
  expect(both).toEqual([
    { path: ["a"], label: "one", data },
    { path: ["a"], label: "two", data, extensions: isFinal },
  ]);
});

test("a part that another part made pending is found", () => {
  const responses = new RelayResponses();
  responses.add({ data: {}, pending: [{ id: "0", path: [], label: "outer" }], hasNext: true });
  responses.add({
    incremental: [{ id: "0", data: { list: [] } }],
    completed: [{ id: "0" }],
    pending: [{ id: "1", path: ["list"], label: "items" }],
    hasNext: true,
  });
  expect(responses.add({ incremental: [{ id: "1", items: [{ a: 1 }, { a: 2 }] }], hasNext: true })).toEqual([
    [
      { path: ["list", 0], label: "items", data: { a: 1 } },
      { path: ["list", 1], label: "items", data: { a: 2 } },
    ],
  ]);
  // The list is complete: only `is_final` is left to deliver.
  expect(responses.add({ completed: [{ id: "1" }], hasNext: false })).toEqual([{ data: null, extensions: isFinal }]);
});

test("the path of an error is relative to its part", () => {
  const responses = new RelayResponses();
  responses.add({ data: { a: [{}] }, pending: [{ id: "0", path: ["a", 0], label }], hasNext: true });
  const errors = [{ message: "no", path: ["a", 0, "b"] }];
  expect(
    responses.add({ incremental: [{ id: "0", data: { b: null }, errors }], completed: [{ id: "0" }], hasNext: false }),
  ).toEqual([
    [{ path: ["a", 0], label, data: { b: null }, errors: [{ message: "no", path: ["b"] }], extensions: isFinal }],
  ]);
});

test("a failed part is delivered after all the others", () => {
  const responses = new RelayResponses();
  const pending = [
    { id: "0", path: ["a"], label: "fails" },
    { id: "1", path: ["a"], label: "comes" },
  ];
  responses.add({ data: { a: {} }, pending, hasNext: true });
  const errors = [{ message: "no", path: ["a", "b"] }];
  expect(responses.add({ completed: [{ id: "0", errors }], hasNext: true })).toEqual([]);
  expect(
    responses.add({ incremental: [{ id: "1", data: { c: 1 } }], completed: [{ id: "1" }], hasNext: false }),
  ).toEqual([
    [{ path: ["a"], label: "comes", data: { c: 1 }, extensions: isFinal }],
    { path: ["a"], label: "fails", errors },
  ]);
});

test("the format of August 2022 gives the same responses", () => {
  const responses = new RelayResponses();
  responses.add({ data: { a: { id: 1 }, list: [{ id: 2 }] }, hasNext: true });
  const incremental = [
    { path: ["a"], label, data: { b: 1 } },
    { path: ["list", 1], label: "items", items: [{ id: 3 }] },
    { path: ["list", 2], label: "items", items: null, errors: [{ message: "no" }] },
  ];
  expect(responses.add({ incremental, hasNext: false })).toEqual([
    [
      { path: ["a"], label, data: { id: 1, b: 1 } },
      { path: ["list", 1], label: "items", data: { id: 3 }, extensions: isFinal },
    ],
    { path: ["list", 2], label: "items", errors: [{ message: "no" }] },
  ]);
});

test("in the format of August 2022 a fragment is delivered with the data of all parts of its payload", () => {
  const responses = new RelayResponses();
  responses.add({ data: { a: { id: 1 } }, hasNext: true });
  const incremental = [
    { path: ["a"], label: "one", data: { b: { c: 2 } } },
    { path: ["a", "b"], label: "one", data: { d: 3 } },
    { path: ["a"], label: "two", data: {} },
  ];
  const [all] = responses.add({ incremental, hasNext: false });
  const data = { id: 1, b: { c: 2, d: 3 } };
  expect(all).toEqual([
    { path: ["a"], label: "one", data },
    { path: ["a", "b"], label: "one", data: data.b },
    { path: ["a"], label: "two", data, extensions: isFinal },
  ]);
});

test.each([
  [
    "v0.2",
    [
      { id: "0", items: [{ id: 3 }] },
      { id: "1", data: { b: 4 } },
    ],
  ],
  [
    "2022",
    [
      { path: ["list", 1], label: "items", items: [{ id: 3 }] },
      { path: ["list", 1], label, data: { b: 4 } },
    ],
  ],
])("%s: a fragment that is deferred in an item of the same payload is merged into the item", (_format, incremental) => {
  const responses = new RelayResponses();
  responses.add({
    data: { list: [{ id: 2 }] },
    pending: [{ id: "0", path: ["list"], label: "items" }],
    hasNext: true,
  });
  const pending = [{ id: "1", path: ["list", 1], label }];
  const [all] = responses.add({ pending, incremental, completed: [], hasNext: true });
  const [item, fragment] = [all].flat();
  expect(item).toMatchObject({ path: ["list", 1], label: "items", data: { id: 3 } });
  if (fragment) expect(fragment).toMatchObject({ path: ["list", 1], label, data: { id: 3, b: 4 } });
  const more = { path: ["list", 2], label: "items", items: [{ id: 5 }] };
  expect(responses.add({ incremental: [more], hasNext: true })).toMatchObject([[{ path: ["list", 2] }]]);
});

test.each([
  ["the first payload", { data: { a: { b: null } }, errors: [{ message: "no", path: ["a", "b"] }] }, { c: 1 }],
  ["another fragment", { data: { a: {} } }, { b: null }],
])("an error of %s is repeated with a fragment that has its field", (_where, first, data) => {
  const responses = new RelayResponses();
  const pending = [
    { id: "0", path: ["a"], label: "one" },
    { id: "1", path: ["a"], label: "two" },
  ];
  responses.add({ ...first, pending, hasNext: true });
  const errors = "errors" in first ? undefined : [{ message: "no", path: ["a", "b"] }];
  const incremental = [{ id: "0", data, ...(errors && { errors }) }];
  const [both] = responses.add({ incremental, completed: [{ id: "0" }, { id: "1" }], hasNext: false });
  const repeated = [{ message: "no", path: ["b"] }];
  expect(both).toMatchObject([
    { label: "one", errors: repeated },
    { label: "two", errors: repeated },
  ]);
});

test("a scalar with the key __proto__ changes no other object", () => {
  const responses = new RelayResponses();
  responses.add({ data: { json: { a: 1 } }, pending: [{ id: "0", path: [], label }], hasNext: true });
  const data = JSON.parse('{ "json": { "__proto__": { "polluted": true } } }');
  responses.add({ incremental: [{ id: "0", data }], completed: [{ id: "0" }], hasNext: false });
  expect({}).not.toHaveProperty("polluted");
});

test("a part that is not pending is refused", () => {
  const responses = new RelayResponses();
  expect(() => responses.add({ incremental: [{ id: "7", data: {} }], hasNext: true })).toThrow(/part 7/);
});
