import type { Execution } from "./execution.ts";
import type { ListPositions } from "./response-positions.ts";
import { unitsPerCall } from "./work.ts";

type CompleteItem = (execution: Execution, list: ListPositions, index: number, item: unknown) => void;

/**
 * Completes the items of an asynchronous iterable one by one, as they come. The iterator is closed when an item fails the list,
 * and when the list is no longer needed.
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
        execution.rejectionHandlers.addTo(value);
        await execution.afterPause();
      }
      execution.beginTick();
      if (execution.stopReason !== undefined) {
        execution.rejectionHandlers.addTo(value);
        throw execution.stopReason;
      }
      if (isExhausted) break;
      execution.size?.add(1, 1);
      list.items.push(null);
      completeItem(execution, list, index, value);
      // Items that come one after the other would block the event loop.
      execution.isTimeUp(unitsPerCall);
      execution.executeBelow(list.root);
    }
  } catch (error) {
    // An error that is thrown at once is reported in a later tick too.
    await undefined;
    if (execution.isPaused) await execution.afterPause();
    execution.beginTick();
    execution.fail(owner, ownerKey, error);
  }
  if (iterator && !isExhausted) close(iterator);
  release();
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The list is complete: no field is left that could fail.
  }
}
