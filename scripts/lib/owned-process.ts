import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

const endWithParent = new URL('end-with-parent.ts', import.meta.url).href;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OwnedProcess {
  readonly pid: number | undefined;
  /** Resolves when the process has ended, however it did; says how. */
  readonly ended: Promise<string>;
  readonly running: boolean;
  /** SIGTERM, and SIGKILL for what still runs after `graceMs`. Resolves when it has ended. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL to the process and whatever it started in its group. */
  kill(): void;
}

export interface OwnedProcessOptions {
  /** Relative to the project's folder. */
  script: string;
  args?: readonly string[];
  /** The whole environment. */
  env: Environment;
  /** Path of a log file to append to; our own output otherwise. */
  logFile?: string;
}

/**
 * Runs a script of the project as a process that never outlives this one. It has a process group of its own, so that
 * Ctrl-C reaches this process alone, which stops the others in order.
 */
export function startOwned({ script, args = [], env, logFile }: OwnedProcessOptions): OwnedProcess {
  const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, ['--import', endWithParent, script, ...args], {
    cwd: projectRoot,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', output, output, 'ipc'],
    detached: true,
  });
  if (typeof output === 'number') closeSync(output);

  const ended = howItEnds(child);
  const running = (): boolean => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const kill = (): void => {
    if (running() && child.pid !== undefined) signalGroup(child.pid);
  };
  return {
    pid: child.pid,
    ended,
    get running() {
      return running();
    },
    kill,
    async stop(graceMs = 25_000) {
      if (!running()) return;
      child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([ended, delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
      kill();
      await ended;
    },
  };
}

async function howItEnds(child: ChildProcess): Promise<string> {
  try {
    await once(child, 'exit');
  } catch (error) {
    return `could not be started: ${String(error)}`;
  }
  return child.signalCode === null ? `ended with exit code ${child.exitCode}` : `was ended by ${child.signalCode}`;
}

function signalGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
