import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type OwnedProcess, type OwnedProcessOptions, startOwned } from './owned-process.ts';

export interface ServiceOptions extends OwnedProcessOptions {
  /** For messages, such as `Jira of Company A`. */
  name: string;
  logFile: string;
  /** Answers with status 200 when the service is ready. */
  readyUrl: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** A process of the project that answers over HTTP. Its log is in a file. */
export interface ServiceProcess extends OwnedProcess {
  readonly name: string;
  /** Resolves when it answers; throws with the end of its log when it ends before, or does not answer in time. */
  ready(): Promise<void>;
}

/** Starts the process and returns at once; `ready()` waits for it. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const { name, logFile, readyUrl, timeoutMs, signal } = options;
  const logStart = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  signal?.throwIfAborted();
  const owned = startOwned(options);
  const log = async (): Promise<string> => {
    const text = (await readFile(logFile)).subarray(logStart).toString('utf8');
    return text.trim().split('\n').slice(-15).join('\n');
  };

  const ready = async (): Promise<void> => {
    const end = performance.now() + timeoutMs;
    let answer = 'nothing';
    while (owned.running && performance.now() < end) {
      signal?.throwIfAborted();
      answer = await ask(readyUrl);
      if (answer === '200') return;
      await delay(150, undefined, { signal });
    }
    const what = owned.running
      ? `is not ready after ${timeoutMs / 1000} s (${readyUrl}: ${answer})`
      : await owned.ended;
    throw new Error(`${name} ${what}. The end of its log, ${logFile}:\n${await log()}`);
  };
  return {
    ...owned,
    name,
    ready,
    get running() {
      return owned.running;
    },
  };
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' });
    const text = await response.text();
    return response.ok ? String(response.status) : `${response.status} ${text.slice(0, 300)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
