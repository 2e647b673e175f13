import { describe, expect, test } from "vitest";
import { merge2022, type Payload2022 } from "./merge-2022.ts";
import { mergeV02, type PayloadV02 } from "./merge-v02.ts";
import { InvalidStream } from "./responses.ts";

const error = { message: "broken", path: ["a"] };

describe("mergeV02", () => {
  const open: PayloadV02 = {
    data: { a: { b: 1 }, list: [1] },
    pending: [
      { id: "0", path: ["a"], label: "A" },
      { id: "1", path: ["list"] },
    ],
    hasNext: true,
  };
  const end: PayloadV02 = { completed: [{ id: "0" }, { id: "1" }], hasNext: false };

  test("adds fields and items at the paths of their pending ids, collects errors and counts failures", () => {
    expect(
      mergeV02([
        open,
        {
          pending: [{ id: "2", path: ["a", "c"] }],
          incremental: [
            { id: "0", data: { c: {} } },
            { id: "1", items: [2, 3] },
          ],
          completed: [{ id: "0" }],
          hasNext: true,
        },
        { incremental: [{ id: "1", items: [null], errors: [error] }], completed: [{ id: "1" }], hasNext: true },
        { completed: [{ id: "2", errors: [error] }], hasNext: false },
      ]),
    ).toEqual({
      data: { a: { b: 1, c: {} }, list: [1, 2, 3, null] },
      errors: [error, error],
      parts: [
        { path: ["a"], label: "A" },
        { path: ["list"], label: undefined },
        { path: ["a", "c"], label: undefined },
      ],
      failures: 1,
    });
  });

  const invalid: readonly (readonly [string, readonly PayloadV02[]])[] = [
    ["no payload", []],
    ["an unknown id", [open, { incremental: [{ id: "9", data: {} }], hasNext: true }, end]],
    ["an id announced twice", [open, { pending: [{ id: "0", path: [] }], hasNext: true }, end]],
    ["an id completed twice", [open, { completed: [{ id: "0" }, { id: "0" }], hasNext: true }, end]],
    [
      "a delivery after completion",
      [open, { completed: [{ id: "0" }], hasNext: true }, { incremental: [{ id: "0", data: {} }], ...end }],
    ],
    ["a pending id that never completes", [open, { completed: [{ id: "0" }], hasNext: false }]],
    ["an end without hasNext: false", [open]],
    ["hasNext: true with nothing pending", [open, { ...end, hasNext: true }]],
    ["a payload after hasNext: false", [open, end, { hasNext: false }]],
    ["a payload without hasNext", [open, { completed: [{ id: "0" }] }, end]],
    ["a pending path that does not exist", [{ ...open, pending: [{ id: "0", path: ["x"] }] }, end]],
    ["a subPath that does not exist", [open, { incremental: [{ id: "0", subPath: ["x"], data: {} }], ...end }]],
    ["a field delivered twice", [open, { incremental: [{ id: "0", data: { b: 1 } }], ...end }]],
    ["items for an object", [open, { incremental: [{ id: "0", items: [1] }], ...end }]],
    ["data for a list", [open, { incremental: [{ id: "1", data: {} }], ...end }]],
    ["neither data nor items", [open, { incremental: [{ id: "0" }], ...end }]],
    ["a failure without an error", [open, { completed: [{ id: "0", errors: [] }, { id: "1" }], hasNext: false }]],
    ["data after the first payload", [open, { ...end, data: {} }]],
    ["the path of the 2022 format", [open, { incremental: [{ id: "0", path: ["a"], data: {} } as never], ...end }]],
  ];
  test.each(invalid)("rejects %s", (_name, payloads) => {
    expect(() => mergeV02(structuredClone(payloads))).toThrow(InvalidStream);
  });
});

describe("merge2022", () => {
  const open: Payload2022 = { data: { a: { b: 1 }, list: [1] }, hasNext: true };
  const end: Payload2022 = { hasNext: false };

  test("adds fields and items at their paths, accepts a repeated field with an equal value, and counts failures", () => {
    expect(
      merge2022([
        open,
        {
          incremental: [
            { path: ["a"], label: "A", data: { b: 1, c: { d: 2 } } },
            { path: ["list", 1], items: [2, null], errors: [error] },
          ],
          hasNext: true,
        },
        {
          incremental: [
            { path: ["a", "c"], data: null, errors: [error] },
            { path: ["list", 3], items: null, errors: [error] },
          ],
          hasNext: true,
        },
        end,
      ]),
    ).toEqual({
      data: { a: { b: 1, c: { d: 2 } }, list: [1, 2, null] },
      errors: [error, error, error],
      parts: [
        { path: ["a"], label: "A" },
        { path: ["list"], label: undefined },
        { path: ["a", "c"], label: undefined },
        { path: ["list"], label: undefined },
      ],
      failures: 2,
    });
  });

  const invalid: readonly (readonly [string, readonly Payload2022[]])[] = [
    ["no payload", []],
    ["an end without hasNext: false", [open]],
    ["a payload after hasNext: false", [open, end, end]],
    ["an empty payload", [open, { hasNext: true }, end]],
    ["no path", [open, { incremental: [{ data: {} }], hasNext: false }]],
    ["a path that does not exist", [open, { incremental: [{ path: ["x"], data: {} }], hasNext: false }]],
    ["a path to a leaf", [open, { incremental: [{ path: ["a", "b"], data: {} }], hasNext: false }]],
    ["another value for a field", [open, { incremental: [{ path: ["a"], data: { b: 2 } }], hasNext: false }]],
    ["items that leave a gap", [open, { incremental: [{ path: ["list", 2], items: [1] }], hasNext: false }]],
    ["items without an index", [open, { incremental: [{ path: ["list"], items: [1] }], hasNext: false }]],
    ["data: null without an error", [open, { incremental: [{ path: ["a"], data: null }], hasNext: false }]],
    [
      "items after the list has failed",
      [
        open,
        {
          incremental: [
            { path: ["list", 1], items: null, errors: [error] },
            { path: ["list", 1], items: [1] },
          ],
          hasNext: false,
        },
      ],
    ],
    ["neither data nor items", [open, { incremental: [{ path: ["a"] }], hasNext: false }]],
    ["the ids of v0.2", [open, { incremental: [{ id: "0", path: ["a"], data: {} } as never], hasNext: false }]],
  ];
  test.each(invalid)("rejects %s", (_name, payloads) => {
    expect(() => merge2022(structuredClone(payloads))).toThrow(InvalidStream);
  });
});
