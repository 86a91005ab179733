/** CPU time and memory of processes, from /proc; on systems without it the figures are missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The kernel counts CPU time in hundredths of a second on every Linux there is. */
const ticksPerSecond = 100;

export interface Usage {
  cpuSeconds: number;
  /** Largest resident memory, MiB, and what it was at the beginning. */
  peakMiB: number;
  startMiB: number;
}

export interface Meter {
  /** Ends the measurement. */
  stop(): Promise<Record<string, Usage>>;
}

/** A process by its id; `family`: with all its children, as PostgreSQL is. */
export interface Metered {
  name: string;
  pid: number;
  family?: boolean;
}

export function startMeter(processes: readonly Metered[], everyMs = 100): Meter {
  const started = processes.map((one) => ({ one, cpu: cpuOf(one), startMiB: memoryOf(one), peakMiB: memoryOf(one) }));
  const stopped = new AbortController();
  const sampling = (async () => {
    while (!stopped.signal.aborted) {
      for (const entry of started) entry.peakMiB = Math.max(entry.peakMiB, memoryOf(entry.one));
      await delay(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await sampling;
      return Object.fromEntries(
        started.map(({ one, cpu, startMiB, peakMiB }) => [
          one.name,
          { cpuSeconds: cpuOf(one) - cpu, startMiB: Math.round(startMiB), peakMiB: Math.round(peakMiB) },
        ]),
      );
    },
  };
}

function cpuOf({ pid, family = false }: Metered): number {
  const own = cpuFields(pid);
  // Sessions that have ended count with their parent.
  if (!family) return own.self;
  return children(pid).reduce((sum, child) => sum + cpuFields(child).self, own.self + own.ended);
}

function cpuFields(pid: number): { self: number; ended: number } {
  // The second field is the program's name in brackets, and may hold anything.
  const fields = readProc(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const ticks = (index: number): number => Number(fields[index] ?? 0) / ticksPerSecond;
  return { self: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}

/** Resident memory in MiB; of a family the shared part once. */
function memoryOf({ pid, family = false }: Metered): number {
  if (!family) return memoryFields(pid).total;
  const parts = [pid, ...children(pid)].map(memoryFields);
  return parts.reduce((sum, part) => sum + part.own, 0) + Math.max(...parts.map((part) => part.shared));
}

function memoryFields(pid: number): { total: number; own: number; shared: number } {
  const text = readProc(`/proc/${pid}/status`);
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { total: field('VmRSS'), own: field('RssAnon'), shared: field('RssShmem') };
}

function children(parent: number): number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => {
      const fields = readProc(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      return Number(fields[1]) === parent;
    });
  } catch {
    return [];
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
