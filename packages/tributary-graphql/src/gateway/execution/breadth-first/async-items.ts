import type { Execution } from "./execution.ts";
import type { ListPositions } from "./response-positions.ts";
import { unitsPerCall } from "./work.ts";

type CompleteItem = (execution: Execution, list: ListPositions, index: number, item: unknown) => void;

/**
 * Completes the items of an asynchronous source one by one, as they come. The source is told to stop when it fails, and
 * when nobody wants the list any more.
 */
export async function drain(
  execution: Execution,
  list: ListPositions,
  iterable: AsyncIterable<unknown>,
  completeItem: CompleteItem,
): Promise<void> {
  const { owner, ownerKey } = list;
  const release = execution.hold({ positions: owner, key: ownerKey });
  let iterator: AsyncIterator<unknown> | undefined;
  let isExhausted = false;
  try {
    iterator = iterable[Symbol.asyncIterator]();
    owner.store(ownerKey, list.items);
    for (let index = 0; !list.hasFailed; index++) {
      const { done, value } = await iterator.next();
      isExhausted = done === true;
      if (execution.isPaused) {
        execution.unread.listenWithin(value);
        await execution.afterPause();
      }
      execution.beginTick();
      if (execution.stopReason !== undefined) {
        execution.unread.listenWithin(value);
        throw execution.stopReason;
      }
      if (isExhausted) break;
      execution.size?.add(1, 1);
      list.items.push(null);
      completeItem(execution, list, index, value);
      // Items that come without a pause in between never let the event loop go on.
      execution.isTimeUp(unitsPerCall);
      execution.executeBelow(list.root);
    }
  } catch (error) {
    // What fails at once is no less asynchronous.
    await undefined;
    if (execution.isPaused) await execution.afterPause();
    execution.beginTick();
    execution.fail(owner, ownerKey, error);
  }
  if (iterator && !isExhausted) stop(iterator);
  release();
}

async function stop(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // Nobody waits for what it answers.
  }
}
