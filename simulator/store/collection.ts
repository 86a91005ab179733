/** A table of records by id that tells its listeners of every put and removal. */
export class Collection<T extends { id: string }> {
  readonly name: string;
  readonly #items = new Map<string, T>();
  readonly #listeners: ((id: string, now: T | undefined, before: T | undefined) => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get size(): number {
    return this.#items.size;
  }

  /** The record of that id, if there is one. */
  get(id: string | null | undefined): T | undefined {
    return id === null || id === undefined ? undefined : this.#items.get(id);
  }

  /** All records, in the order they were first put. */
  values(): IterableIterator<T> {
    return this.#items.values();
  }

  find(test: (item: T) => boolean): T | undefined {
    for (const item of this.#items.values()) if (test(item)) return item;
    return undefined;
  }

  put(item: T): T {
    const before = this.#items.get(item.id);
    this.#items.set(item.id, item);
    for (const listener of this.#listeners) listener(item.id, item, before);
    return item;
  }

  remove(id: string): void {
    const before = this.#items.get(id);
    if (before === undefined) return;
    this.#items.delete(id);
    for (const listener of this.#listeners) listener(id, undefined, before);
  }

  clear(): void {
    for (const id of this.#items.keys()) this.remove(id);
  }

  onChange(listener: (id: string, now: T | undefined, before: T | undefined) => void): void {
    this.#listeners.push(listener);
  }
}

/** The records of one collection by a second key (the comments of an issue, say), in the order of their making. */
export class Grouped<T extends { id: string }> {
  readonly #groups = new Map<string, Map<string, T>>();

  constructor(source: Collection<T>, keyOf: (item: T) => string | null) {
    source.onChange((id, now, before) => {
      const oldKey = before === undefined ? null : keyOf(before);
      const newKey = now === undefined ? null : keyOf(now);
      if (oldKey !== null && oldKey !== newKey) {
        const group = this.#groups.get(oldKey);
        group?.delete(id);
        if (group?.size === 0) this.#groups.delete(oldKey);
      }
      if (newKey !== null && now !== undefined) {
        let group = this.#groups.get(newKey);
        if (group === undefined) this.#groups.set(newKey, (group = new Map()));
        group.set(id, now);
      }
    });
  }

  of(key: string): T[] {
    return [...(this.#groups.get(key)?.values() ?? [])];
  }

  count(key: string): number {
    return this.#groups.get(key)?.size ?? 0;
  }
}
