import type { Random } from '../core/random.ts';
import type { ActiveFault, Fault, WebhookFaults } from './types.ts';

interface Armed {
  id: string;
  fault: Fault;
  path: RegExp | null;
  methods: string[] | null;
  seen: number;
  hits: number;
}

/** The faults that are switched on, and which of them hits a request. */
export class Faults {
  readonly #random: Random;
  #armed: Armed[] = [];
  #lastId = 0;
  webhooks: WebhookFaults = {};

  constructor(random: Random) {
    this.#random = random;
  }

  add(fault: Fault): string {
    const method = fault.match?.method;
    this.#lastId += 1;
    const id = String(this.#lastId);
    this.#armed.push({
      id,
      fault,
      path: fault.match?.path === undefined ? null : new RegExp(fault.match.path),
      methods: method === undefined ? null : [method].flat().map((one) => one.toUpperCase()),
      seen: 0,
      hits: 0,
    });
    return id;
  }

  remove(id: string): void {
    this.#armed = this.#armed.filter((one) => one.id !== id);
  }

  clear(): void {
    this.#armed = [];
    this.webhooks = {};
  }

  list(): ActiveFault[] {
    return this.#armed.map(({ id, fault, hits }) => ({ id, fault, hits }));
  }

  get any(): boolean {
    return this.#armed.length > 0;
  }

  /** Faults that hit this request, in the order they were added; each is counted as used. */
  hit(method: string, path: string, user: string): Fault[] {
    const hits: Fault[] = [];
    for (const armed of this.#armed) {
      const { match } = armed.fault;
      if (armed.methods !== null && !armed.methods.includes(method)) continue;
      if (armed.path !== null && !armed.path.test(path)) continue;
      if (match?.user !== undefined && match.user !== user) continue;
      if (match?.count !== undefined && armed.hits >= match.count) continue;
      armed.seen += 1;
      if (armed.seen <= (match?.skip ?? 0)) continue;
      if (match?.probability !== undefined && this.#random.next() >= match.probability) continue;
      armed.hits += 1;
      hits.push(armed.fault);
    }
    return hits;
  }

  /** Latency of a fault, with its jitter drawn. */
  latency(fault: Fault & { kind: 'latency' }): number {
    return fault.ms + Math.floor(this.#random.next() * (fault.jitterMs ?? 0));
  }
}
