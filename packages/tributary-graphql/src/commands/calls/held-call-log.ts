import { CallLog, type OpenCall } from "../../core/call-log.ts";
import type { CallOrigin } from "./call-origin.ts";
import type { Lockstep } from "./lockstep.ts";

/** One call that an operation made. */
export interface ObservedCall {
  /** Source and call, `database.citiesByCountry`. */
  readonly name: string;
  readonly source: string;
  readonly keys: number;
  /** How many calls the longest chain has that ends with this one. */
  readonly step: number;
  /** The call whose answer it waited for. */
  readonly after: ObservedCall | undefined;
  /** The field that caused it; of a batch, the field that asked first. Undefined outside of any field. */
  readonly origin: CallOrigin | undefined;
}

/** The call log of a request whose calls go in lockstep. */
export class HeldCallLog extends CallLog {
  /** In the order in which they were made. */
  readonly observed: ObservedCall[] = [];
  /** Names of the calls that did not wait for `beforeCall`. */
  readonly unheld = new Set<string>();
  readonly #bySlot = new Map<object, ObservedCall>();
  readonly #lockstep: Lockstep<CallOrigin | undefined>;

  override readonly beforeCall: () => Promise<void>;
  override readonly prepare: (work: Promise<unknown>) => void;

  /** `originNow` tells which field's resolver is running. */
  constructor(lockstep: Lockstep<CallOrigin | undefined>, originNow: () => CallOrigin | undefined) {
    super();
    this.#lockstep = lockstep;
    // Asked here and not in `begin`: a queue in between would run this call on behalf of the one before it.
    this.beforeCall = () => lockstep.hold(originNow());
    this.prepare = (work) => lockstep.waitFor(work);
  }

  override beginAdmitted(source: string, call: string, keys: number, sent?: string): OpenCall {
    const name = `${source}.${call}`;
    const entry = super.beginAdmitted(source, call, keys, sent);
    const slot = this.#lockstep.begin();
    if (!slot) {
      if (!this.#lockstep.isOver) this.unheld.add(name);
      return entry;
    }
    const after = slot.after && this.#bySlot.get(slot.after);
    const observed: ObservedCall = { name, source, keys, step: slot.step, after, origin: slot.about };
    this.#bySlot.set(slot, observed);
    this.observed.push(observed);
    return {
      succeed: (rows, marks) => {
        entry.succeed(rows, marks);
        slot.end();
      },
      fail: () => {
        entry.fail();
        slot.end();
      },
    };
  }
}
