import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from './collection.ts';

const FLUSH_AFTER_MS = 20;
const COMPACT_ABOVE_LINES = 20_000;

type AnyCollection = Collection<{ id: string }>;

/**
 * Keeps collections on disk as an append log of whole records, written shortly after each change, so that kill -9 loses at most
 * some milliseconds. A torn last line is dropped on reading; the log is rewritten on start and when it has grown a lot.
 */
export class Journal {
  readonly #file: string;
  readonly #collections: Map<string, AnyCollection>;
  readonly #dirty = new Map<string, { collection: AnyCollection; id: string }>();
  #timer: NodeJS.Timeout | null = null;
  #lines = 0;

  constructor(dataDir: string, collections: AnyCollection[]) {
    mkdirSync(dataDir, { recursive: true });
    this.#file = join(dataDir, 'jira.journal');
    this.#collections = new Map(collections.map((one) => [one.name, one]));
    this.#load();
    for (const collection of collections) {
      collection.onChange((id) => {
        this.#dirty.set(`${collection.name}/${id}`, { collection, id });
        this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
      });
    }
    this.#compact();
  }

  /** Writes what is not on disk yet. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#dirty.size === 0) return;
    const lines: string[] = [];
    for (const { collection, id } of this.#dirty.values()) {
      lines.push(JSON.stringify([collection.name, id, collection.get(id) ?? null]));
    }
    this.#dirty.clear();
    appendFileSync(this.#file, `${lines.join('\n')}\n`);
    this.#lines += lines.length;
    if (this.#lines > COMPACT_ABOVE_LINES + 4 * this.#records()) this.#compact();
  }

  #records(): number {
    let sum = 0;
    for (const collection of this.#collections.values()) sum += collection.size;
    return sum;
  }

  #load(): void {
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      if (line === '') continue;
      let entry: [string, string, { id: string } | null];
      try {
        entry = JSON.parse(line);
      } catch {
        continue; // torn by a kill in the middle of a write
      }
      const [name, id, record] = entry;
      const collection = this.#collections.get(name);
      if (record === null) collection?.remove(id);
      else collection?.put(record);
    }
  }

  #compact(): void {
    const lines: string[] = [];
    for (const collection of this.#collections.values()) {
      for (const record of collection.values()) lines.push(JSON.stringify([collection.name, record.id, record]));
    }
    const next = `${this.#file}.next`;
    writeFileSync(next, lines.length === 0 ? '' : `${lines.join('\n')}\n`);
    renameSync(next, this.#file);
    this.#dirty.clear();
    this.#lines = lines.length;
  }
}
