/**
 * Work that an execution has on its stack. The topmost is done first, and may put other work on top of itself; between
 * two calls the execution may pause.
 */
export interface Work<Execution> {
  /** Does all of it, or as much as there is time for. Returns whether it is done. */
  advance(execution: Execution): boolean;
  /** Listens to the promises that it has not read yet: one that is rejected during a pause would end the process. */
  listen(execution: Execution): void;
}

/**
 * Costs of work, in units: one is an object that is taken out of a list, or whose properties are read. The execution looks
 * at the clock every 256 of them.
 */
export const unitsPerCall = 16;
export const unitsPerItem = 8;
export const unitsPerLook = 256;
