import type { Problem } from './problem.ts';

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: Problem };

const noAnswer: Problem = {
  summary: 'The console did not answer.',
  why: 'The network is down, or this node is restarting.',
  remedy: 'Check the connection and try again.',
  field: null,
};

/** Asks one of the console's own routes. null: given up by `signal`. */
export async function askServer<T>(path: string, body: object | null, signal?: AbortSignal): Promise<Answer<T> | null> {
  try {
    const response = await fetch(path, {
      method: body === null ? 'GET' : 'POST',
      headers: body === null ? {} : { 'Content-Type': 'application/json' },
      body: body === null ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
    return (await response.json()) as Answer<T>;
  } catch {
    return signal?.aborted ? null : { ok: false, error: noAnswer };
  }
}

/** The outcome of a server action, also when the server could not be reached. */
export async function attempt<T extends object>(action: Promise<Answer<T>>): Promise<Answer<T>> {
  return action.catch(() => ({ ok: false as const, error: noAnswer }));
}
