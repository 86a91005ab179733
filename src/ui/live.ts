/**
 * Changes on the server, told to the visible page: by a stream, or by asking every 3 s while there is none. Hidden pages
 * hold no stream (browsers allow six connections per host); they look again when they are shown.
 */
const leastPauseMs = 300;
const pollMs = 3000;
const slowestRefreshMs = 10_000;

export interface LivePage {
  /** The refresh that was asked for has arrived. */
  refreshed(): void;
  stop(): void;
}

export function watchChanges(refresh: () => void): LivePage {
  let stream: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let wanted = false;
  let askedAt = 0;
  let running = false;

  const ask = (): void => {
    timer = null;
    if (!wanted || document.visibilityState === 'hidden') return;
    // A refresh whose end was never told must not stop all later ones.
    if (running && Date.now() - askedAt < slowestRefreshMs) return schedule();
    wanted = false;
    running = true;
    askedAt = Date.now();
    refresh();
  };
  const schedule = (): void => {
    timer ??= setTimeout(ask, Math.max(0, askedAt + leastPauseMs - Date.now()) || (running ? leastPauseMs : 0));
  };
  const want = (): void => {
    wanted = true;
    schedule();
  };
  const stopPolling = (): void => {
    if (poll !== null) clearInterval(poll);
    poll = null;
  };
  const open = (): void => {
    if (stream !== null) return;
    stream = new EventSource('/api/events');
    stream.addEventListener('change', want);
    stream.addEventListener('open', stopPolling);
    stream.addEventListener('error', () => {
      poll ??= setInterval(want, pollMs);
      // A closed stream does not come back by itself: the session ended, or a proxy answered something else.
      if (stream?.readyState === EventSource.CLOSED) close();
    });
  };
  const close = (): void => {
    stream?.close();
    stream = null;
  };
  const look = (): void => {
    if (document.visibilityState === 'hidden') {
      close();
      stopPolling();
      return;
    }
    open();
    want();
  };

  document.addEventListener('visibilitychange', look);
  if (document.visibilityState === 'visible') open();
  return {
    refreshed: () => {
      running = false;
    },
    stop: () => {
      document.removeEventListener('visibilitychange', look);
      close();
      stopPolling();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
