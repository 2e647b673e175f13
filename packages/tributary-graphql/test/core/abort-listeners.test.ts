import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { onAbort, withOwnSignal } from "../../src/core/abort-listeners.ts";

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("listeners of one signal", () => {
  test("are one listener on the signal, however many there are, and none when all are removed", () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removals = Array.from({ length: 10_000 }, () => onAbort(signal, () => undefined));
    expect(listenersOf(signal)).toBe(1);
    expect(added).toHaveBeenCalledTimes(1);
    for (const remove of removals) remove();
    expect(listenersOf(signal)).toBe(0);
  });

  test("are each called once, in the order in which they were added, unless they were removed", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (kept) => {
        const controller = new AbortController();
        const called: number[] = [];
        const removals = kept.map((_, index) => onAbort(controller.signal, () => called.push(index)));
        for (const [index, isKept] of kept.entries()) if (!isKept) removals[index]?.();
        controller.abort();
        controller.abort();
        for (const remove of removals) remove();
        expect(called).toEqual(kept.flatMap((isKept, index) => (isKept ? [index] : [])));
        expect(listenersOf(controller.signal)).toBe(0);
      }),
    );
  });

  test("a function that is added twice is called twice", () => {
    const controller = new AbortController();
    const listener = vi.fn();
    onAbort(controller.signal, listener);
    onAbort(controller.signal, listener);
    controller.abort();
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test("a listener that another one removes during the abort is not called", () => {
    const controller = new AbortController();
    const second = vi.fn();
    onAbort(controller.signal, () => removeSecond());
    const removeSecond = onAbort(controller.signal, second);
    controller.abort();
    expect(second).not.toHaveBeenCalled();
  });

  test("a listener that is added to an aborted signal is never called", () => {
    const controller = new AbortController();
    const late = vi.fn();
    onAbort(controller.signal, () => onAbort(controller.signal, late));
    controller.abort();
    onAbort(controller.signal, late)();
    expect(late).not.toHaveBeenCalled();
  });

  test("can be added again when all were removed", () => {
    const controller = new AbortController();
    onAbort(controller.signal, () => undefined)();
    const listener = vi.fn();
    onAbort(controller.signal, listener);
    controller.abort();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe("a separate signal", () => {
  test("aborts with the other one, for the same reason", async () => {
    const controller = new AbortController();
    const reason = new DOMException("Enough.", "TimeoutError");
    const seen = withOwnSignal(controller.signal, async (own) => {
      controller.abort(reason);
      return [own === controller.signal, own.aborted, own.reason === reason];
    });
    expect(await seen).toEqual([false, true, true]);
  });

  test("leaves no listener behind, whether the work succeeds, fails or throws", async () => {
    const { signal } = new AbortController();
    const fails = () => {
      throw new Error("at once");
    };
    await withOwnSignal(signal, async () => undefined);
    await expect(withOwnSignal(signal, () => Promise.reject(new Error("later")))).rejects.toThrow("later");
    await expect(withOwnSignal(signal, fails)).rejects.toThrow("at once");
    expect(listenersOf(signal)).toBe(0);
  });

  test("of an aborted signal is aborted", async () => {
    expect(await withOwnSignal(AbortSignal.abort(), async ({ aborted }) => aborted)).toBe(true);
  });
});
