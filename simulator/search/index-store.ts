import type { IssueRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';

const MINUTE = 60_000;

/** What search knows: the issues as they were `lag` ago. Dates count to the second here. */
export class SearchIndex {
  readonly #docs = new Map<string, IssueRecord>();
  /** Ids by the minute of `updated`, so that "changed since" does not look at every issue. */
  readonly #byMinute = new Map<number, Set<string>>();
  readonly #byProject = new Map<string, Set<string>>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #lag: () => number;
  readonly #store: Store;
  #sortedIds: number[] | null = null;
  /** Which change of an issue was taken in last: a lag made shorter must not let an older one win. */
  readonly #taken = new Map<string, number>();
  #changes = 0;

  constructor(store: Store, lag: () => number) {
    this.#lag = lag;
    this.#store = store;
    for (const issue of store.issues.values()) this.#apply(issue.id, issue);
    store.issues.onChange((id, now) => {
      this.#changes += 1;
      const change = this.#changes;
      const lagMs = this.#lag();
      if (lagMs <= 0) return this.#take(id, now, change);
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        this.#take(id, now, change);
      }, lagMs);
      timer.unref();
      this.#waiting.add(timer);
    });
  }

  #take(id: string, now: IssueRecord | undefined, change: number): void {
    if ((this.#taken.get(id) ?? 0) > change) return;
    this.#taken.set(id, change);
    this.#apply(id, now);
  }

  #apply(id: string, now: IssueRecord | undefined): void {
    const before = this.#docs.get(id);
    if (before !== undefined) {
      drop(this.#byMinute, Math.floor(before.updated / MINUTE), id);
      if (now?.projectId !== before.projectId) drop(this.#byProject, before.projectId, id);
    }
    if (now === undefined) {
      this.#docs.delete(id);
      this.#sortedIds = null;
      return;
    }
    if (before === undefined) {
      const last = this.#sortedIds?.at(-1) ?? 0;
      if (this.#sortedIds !== null && Number(id) > last) this.#sortedIds.push(Number(id));
      else this.#sortedIds = null;
    }
    this.#docs.set(id, now);
    into(this.#byMinute, Math.floor(now.updated / MINUTE), id);
    into(this.#byProject, now.projectId, id);
  }

  get size(): number {
    return this.#docs.size;
  }

  get lastUpdated(): number {
    let last = 0;
    for (const minute of this.#byMinute.keys()) last = Math.max(last, minute);
    let updated = 0;
    for (const id of this.#byMinute.get(last) ?? []) updated = Math.max(updated, this.#docs.get(id)?.updated ?? 0);
    return updated;
  }

  get(id: string): IssueRecord | undefined {
    return this.#docs.get(id);
  }

  all(): Iterable<IssueRecord> {
    return this.#docs.values();
  }

  inProject(projectId: string): IssueRecord[] {
    return this.#pick(this.#byProject.get(projectId) ?? []);
  }

  /** Issues whose `updated` may be at or after that instant. */
  updatedSince(instant: number): IssueRecord[] {
    const first = Math.floor(instant / MINUTE);
    const found: IssueRecord[] = [];
    for (const [minute, ids] of this.#byMinute) if (minute >= first) found.push(...this.#pick(ids));
    return found;
  }

  /** Issues with an id above that one, in order of their ids. */
  idAbove(id: number): IssueRecord[] {
    this.#sortedIds ??= [...this.#docs.keys()].map(Number).sort((a, b) => a - b);
    let [low, high] = [0, this.#sortedIds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sortedIds[middle] ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    return this.#sortedIds.slice(low).flatMap((one) => this.#docs.get(String(one)) ?? []);
  }

  #pick(ids: Iterable<string>): IssueRecord[] {
    const found: IssueRecord[] = [];
    for (const id of ids) {
      const doc = this.#docs.get(id);
      if (doc !== undefined) found.push(doc);
    }
    return found;
  }

  /** Takes in all that waits for the lag, now. */
  catchUp(): void {
    this.close();
    for (const issue of this.#store.issues.values())
      if (this.#docs.get(issue.id) !== issue) this.#apply(issue.id, issue);
    for (const id of this.#docs.keys()) if (this.#store.issues.get(id) === undefined) this.#apply(id, undefined);
  }

  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}

function into<K>(map: Map<K, Set<string>>, key: K, id: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([id]));
  else set.add(id);
}

function drop<K>(map: Map<K, Set<string>>, key: K, id: string): void {
  const set = map.get(key);
  set?.delete(id);
  if (set?.size === 0) map.delete(key);
}
