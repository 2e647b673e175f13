import { expect, test } from "vitest";
import { ResultMemory, type ResultShare } from "../../../src/gateway/execution/result-memory.ts";

/** Shares of a memory in which one execution continues above 100 bytes, and none becomes large above 200. */
function memory() {
  const made = new ResultMemory({ softBytes: 100, hardBytes: 200, fullBytes: 2_000 });
  const open = (bytes: number): ResultShare => {
    const share = made.open();
    if (share === undefined) throw new Error("There was no memory for another share.");
    share.grow(bytes);
    return share;
  };
  return { memory: made, open };
}

/** Waits, and notes whether it may continue. */
function waiting(share: ResultShare) {
  const state = { continues: false };
  share.wait(() => {
    state.continues = true;
  });
  return state;
}

test("while there is memory, all executions continue", () => {
  const { open } = memory();
  const shares = [open(50), open(50)];
  expect(shares.map(({ mustWait }) => mustWait)).toEqual([false, false]);
});

test("a result that would fill the memory is refused, also when it is the only one", () => {
  const { memory: made, open } = memory();
  const share = open(1_000);
  expect(share.grow(1_000)).toBe(true);
  expect(share.grow(1)).toBe(false);
  share.end();
  expect(made.heldBytes).toBe(0);
  expect(open(1_000).grow(1_000)).toBe(true);
});

test("without memory one execution continues, and then the others one by one, first come, first served", () => {
  const { open } = memory();
  const [first, second, third] = [open(60), open(60), open(60)];
  expect(first.mustWait).toBe(true);
  const waitingFirst = waiting(first);
  expect(second.mustWait).toBe(true);
  const waitingSecond = waiting(second);
  // No other one is left: it continues, however much it takes.
  expect(third.mustWait).toBe(false);
  third.grow(1_000);
  expect(third.mustWait).toBe(false);
  third.end();
  expect([waitingFirst, waitingSecond]).toEqual([{ continues: true }, { continues: false }]);
  first.end();
  expect(waitingSecond).toEqual({ continues: true });
});

test("no other result becomes large beyond the limit, and one does when there is memory again", () => {
  const { memory: made, open } = memory();
  const large = open(201);
  expect(made.open()).toBeUndefined();
  large.shrink(1);
  expect(made.open()).toBeDefined();
});

test("an execution that ends gives its memory back, once, and nothing that it makes later is held", () => {
  const { memory: made, open } = memory();
  const share = open(50);
  share.end();
  share.grow(1_000);
  share.end();
  expect(made.heldBytes).toBe(0);
});

test("an execution that is aborted while it waits continues at once, and never waits again", () => {
  const { memory: made, open } = memory();
  const [stopped, other] = [open(150), open(0)];
  const state = waiting(stopped);
  expect(other.mustWait).toBe(false);
  expect(state.continues).toBe(false);
  stopped.stop();
  expect(state.continues).toBe(true);
  expect(stopped.mustWait).toBe(false);
  expect([made.heldBytes, made.waitingCount]).toEqual([150, 0]);
});

test("others need not wait for an execution whose client is slow", () => {
  const { open } = memory();
  const [slow, other] = [open(150), open(0)];
  const state = waiting(other);
  slow.setIdle();
  expect(state.continues).toBe(true);
  expect(slow.mustWait).toBe(true);
});

test("bytes that wait to be sent are memory, until they are sent", () => {
  const { memory: made, open } = memory();
  const sent = made.holdUnsent(201);
  expect(made.open()).toBeUndefined();
  sent();
  sent();
  expect(made.heldBytes).toBe(0);
  expect(open(0).mustWait).toBe(false);
});

test("whatever shares do, at least one execution continues", () => {
  const { memory: made } = memory();
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const going = new Set<ResultShare>();
  const paused = new Set<ResultShare>();
  for (let step = 0; step < 20_000; step++) {
    const opened = random(4) === 0 ? made.open() : undefined;
    if (opened) going.add(opened);
    const share = [...going, ...paused][random(Math.max(1, going.size + paused.size))];
    if (share === undefined) continue;
    const isOver = random(6) === 0;
    if (isOver) share.end();
    else share.grow(random(40));
    if (isOver) for (const shares of [going, paused]) shares.delete(share);
    else if (going.has(share) && share.mustWait) {
      going.delete(share);
      paused.add(share);
      share.wait(() => {
        paused.delete(share);
        going.add(share);
      });
    }
    expect(made.waitingCount).toBe(paused.size);
    if (paused.size > 0) expect(going.size).toBeGreaterThan(0);
  }
  for (const share of [...going, ...paused]) share.end();
  expect([made.heldBytes, made.waitingCount]).toEqual([0, 0]);
});
