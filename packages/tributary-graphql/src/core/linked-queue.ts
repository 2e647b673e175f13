interface Node<Value> {
  readonly value: Value;
  previous: Node<Value> | undefined;
  next: Node<Value> | undefined;
}

/**
 * A FIFO queue of distinct values. Adding, taking the first value, and removing any value take constant time. A `Set` does
 * not: V8 leaves a hole per removed value, and finding the first value passes all holes.
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

  /** Appends a value. A value that is already queued keeps its position. */
  add(value: Value): void {
    if (this.#nodes.has(value)) return;
    const node: Node<Value> = { value, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = node;
    else this.#first = node;
    this.#last = node;
    this.#nodes.set(value, node);
  }

  /** Removes a value. Returns whether it was queued. */
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

  /** Removes and returns the first value; undefined for an empty queue. */
  take(): Value | undefined {
    const value = this.#first?.value;
    if (value !== undefined) this.delete(value);
    return value;
  }

  /** Iterates from the first to the last value. */
  *[Symbol.iterator](): Generator<Value> {
    for (let node = this.#first; node !== undefined; node = node.next) yield node.value;
  }
}
