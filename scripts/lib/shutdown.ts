/** What must be undone before the process ends, in reverse order of its making. */
export interface Shutdown {
  /** Aborted when the process has been asked to end. */
  readonly signal: AbortSignal;
  /** Registers what ends something that was begun; `kill` is the hard way for those who ask twice. */
  defer(end: () => Promise<void> | void, kill?: () => void): void;
  /** Undoes everything and ends the process. */
  exit(code: number): Promise<never>;
}

/**
 * Ends the process in order on SIGTERM, SIGINT (Ctrl-C) and SIGHUP (closed terminal); a second SIGINT kills what is
 * still running. `say` tells the person who watches.
 */
export function createShutdown(say: (text: string) => void): Shutdown {
  const ends: Array<() => Promise<void> | void> = [];
  const kills: Array<() => void> = [];
  const asked = new AbortController();
  let exiting: Promise<never> | null = null;

  const unwind = async (code: number): Promise<never> => {
    asked.abort();
    let failed = false;
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      try {
        await end();
      } catch (error) {
        failed = true;
        say(error instanceof Error ? error.message : String(error));
      }
    }
    process.exit(failed ? 1 : code);
  };
  const exit = (code: number): Promise<never> => (exiting ??= unwind(code));

  const onSignal = (name: string): void => {
    if (exiting !== null) {
      if (name === 'SIGINT') for (const kill of kills) kill();
      return;
    }
    say('Stopping.');
    void exit(0);
  };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => onSignal(name));

  return {
    signal: asked.signal,
    exit,
    defer(end, kill) {
      ends.push(end);
      if (kill !== undefined) kills.push(kill);
      // Begun while everything else was already being ended.
      if (exiting !== null) void Promise.resolve(end()).catch(() => undefined);
    },
  };
}
