import type { EndpointStatistics, RequestEntry, Statistics as StatisticsReport, WriteEntry } from '../control/api.ts';

const KEEP_REQUESTS = 2000;
const KEEP_WRITES = 50_000;

/** Counts requests, and remembers the last ones and the writes. */
export class Statistics {
  #endpoints = new Map<string, EndpointStatistics>();
  #total = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  #requests: RequestEntry[] = [];
  #writes: WriteEntry[] = [];

  begin(endpoint: string): EndpointStatistics {
    let entry = this.#endpoints.get(endpoint);
    if (entry === undefined) {
      entry = { endpoint, count: 0, byStatus: {}, inFlight: 0, maxInFlight: 0 };
      this.#endpoints.set(endpoint, entry);
    }
    this.#total += 1;
    entry.count += 1;
    entry.inFlight += 1;
    entry.maxInFlight = Math.max(entry.maxInFlight, entry.inFlight);
    this.#inFlight += 1;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    return entry;
  }

  end(entry: EndpointStatistics, request: RequestEntry): void {
    const status = request.status === null ? 'none' : String(request.status);
    entry.byStatus[status] = (entry.byStatus[status] ?? 0) + 1;
    entry.inFlight -= 1;
    this.#inFlight -= 1;
    this.#requests.push(request);
    // cut in blocks: shifting at each request would cost more than the request
    if (this.#requests.length > 2 * KEEP_REQUESTS) this.#requests = this.#requests.slice(-KEEP_REQUESTS);
  }

  written(entry: WriteEntry): void {
    this.#writes.push(entry);
    if (this.#writes.length > 2 * KEEP_WRITES) this.#writes = this.#writes.slice(-KEEP_WRITES);
  }

  report(): StatisticsReport {
    const endpoints = [...this.#endpoints.values()].map((one) => ({ ...one, byStatus: { ...one.byStatus } }));
    return { total: this.#total, inFlight: this.#inFlight, maxInFlight: this.#maxInFlight, endpoints };
  }

  requests(): RequestEntry[] {
    return this.#requests.slice(-KEEP_REQUESTS);
  }

  writes(): WriteEntry[] {
    return this.#writes;
  }

  /** Starts counting anew; what is in flight now goes on being counted as in flight. */
  reset(): void {
    for (const [endpoint, entry] of this.#endpoints) {
      if (entry.inFlight === 0) this.#endpoints.delete(endpoint);
      entry.count = 0;
      entry.byStatus = {};
      entry.maxInFlight = entry.inFlight;
    }
    this.#total = 0;
    this.#maxInFlight = this.#inFlight;
    this.#requests = [];
    this.#writes = [];
  }
}
