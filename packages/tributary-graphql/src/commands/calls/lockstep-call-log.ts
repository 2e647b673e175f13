import { CallLog, type OpenCall } from "../../core/call-log.ts";
import type { CallOrigin } from "./call-origin.ts";
import type { Lockstep } from "./lockstep.ts";

/** A call that an operation made. */
export interface ObservedCall {
  /** Source and call, `database.citiesByCountry`. */
  readonly name: string;
  readonly source: string;
  readonly keys: number;
  /** The length of the longest chain that ends with this call. */
  readonly step: number;
  /** The call whose result it waited for. */
  readonly after: ObservedCall | undefined;
  /** The field that caused it; for a batch, the field that loaded the first key. Undefined outside of resolvers. */
  readonly origin: CallOrigin | undefined;
}

/** The call log of a request whose calls are released in lockstep. */
export class LockstepCallLog extends CallLog {
  /** In the order of their start. */
  readonly observed: ObservedCall[] = [];
  /** The names of calls that did not await `beforeCall`. */
  readonly withoutBeforeCall = new Set<string>();
  readonly #byReleased = new Map<object, ObservedCall>();
  readonly #lockstep: Lockstep<CallOrigin | undefined>;

  override readonly beforeCall: () => Promise<void>;
  override readonly prepare: (work: Promise<unknown>) => void;

  /** @param currentOrigin returns the field whose resolver is running */
  constructor(lockstep: Lockstep<CallOrigin | undefined>, currentOrigin: () => CallOrigin | undefined) {
    super();
    this.#lockstep = lockstep;
    // Not in `begin`: after a queue, the running resolver would be that of the previous call.
    this.beforeCall = () => lockstep.hold(currentOrigin());
    this.prepare = (work) => lockstep.waitFor(work);
  }

  override beginAdmitted(source: string, call: string, keys: number, sent?: string): OpenCall {
    const name = `${source}.${call}`;
    const entry = super.beginAdmitted(source, call, keys, sent);
    const released = this.#lockstep.begin();
    if (!released) {
      if (!this.#lockstep.isOver) this.withoutBeforeCall.add(name);
      return entry;
    }
    const { step, origin } = released;
    const after = released.after && this.#byReleased.get(released.after);
    const observed: ObservedCall = { name, source, keys, step, after, origin };
    this.#byReleased.set(released, observed);
    this.observed.push(observed);
    return {
      succeed: (rows, marks) => {
        entry.succeed(rows, marks);
        released.end();
      },
      fail: () => {
        entry.fail();
        released.end();
      },
    };
  }
}
