interface Node<Value> {
  readonly value: Value;
  previous: Node<Value> | undefined;
  next: Node<Value> | undefined;
}

/**
 * A queue whose first value is taken, and any value is removed, in the same time however many there are. A `Set` is none:
 * V8 leaves a hole for each value that is removed, and every look at its first value passes all holes.
 */
export class LinkedQueue<Value> {
  readonly #nodes = new Map<Value, Node<Value>>();
  #first: Node<Value> | undefined;
  #last: Node<Value> | undefined;

  get size(): number {
    return this.#nodes.size;
  }

  get first(): Value | undefined {
    return this.#first?.value;
  }

  get last(): Value | undefined {
    return this.#last?.value;
  }

  /** Adds a value behind the others. One that is queued already stays where it is. */
  add(value: Value): void {
    if (this.#nodes.has(value)) return;
    const node: Node<Value> = { value, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = node;
    else this.#first = node;
    this.#last = node;
    this.#nodes.set(value, node);
  }

  /** Returns whether it was queued. */
  delete(value: Value): boolean {
    const node = this.#nodes.get(value);
    if (node === undefined) return false;
    this.#nodes.delete(value);
    if (node.previous) node.previous.next = node.next;
    else this.#first = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.#last = node.previous;
    return true;
  }

  /** Removes the first value, and gives it. */
  take(): Value | undefined {
    const value = this.#first?.value;
    if (value !== undefined) this.delete(value);
    return value;
  }

  /** From the first to the last. */
  *[Symbol.iterator](): Generator<Value> {
    for (let node = this.#first; node !== undefined; node = node.next) yield node.value;
  }
}
