/**
 * An entry of an execution's work stack. The top entry is advanced first, and may push others. The execution may pause between
 * two calls.
 */
export interface Work<Execution> {
  /** Does all of the work, or as much as there is time for. Returns whether it is done. */
  advance(execution: Execution): boolean;
  /** Handles rejections of promises that were not read yet: an unhandled one would end the process during a pause. */
  handleRejections(execution: Execution): void;
}

/**
 * Costs of work, in units: one unit is an object that is taken from a list, or whose properties are read. The execution checks
 * the clock every 256 units.
 */
export const unitsPerCall = 16;
export const unitsPerItem = 8;
export const unitsPerCheck = 256;
