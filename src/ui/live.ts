/**
 * Changes on the server, told to the visible pages: by one stream per browser, or by asking every 3 s while there is none.
 * Of several visible pages (windows side by side) the one that holds the browser's lock has the stream and tells the others;
 * when it goes away the next one takes over. Where the browser has no locks, over plain http, each has a stream of its own.
 * Hidden pages hold nothing (browsers allow six connections per host); they look again when they are shown.
 *
 * A page refreshes only after the server has said that it may. While nobody answers, as when the node restarts, the router
 * would load the document anew and show the browser's own error page; when the session has ended, it would go to the sign-in
 * page: in place of what is being read or typed.
 */
const leastPauseMs = 300;
const pollMs = 3000;
const slowestRefreshMs = 10_000;
/** A lock that takes longer is another page's. */
const atOnceMs = 250;
const shared = 'exalate-changes';

export interface LivePage {
  /** The refresh that was asked for has arrived. */
  refreshed(): void;
  stop(): void;
}

export interface LiveOptions {
  refresh: () => void;
  /** Told of every answer of the server: whether the session has ended. */
  signedOut: (ended: boolean) => void;
}

export function watchChanges(options: LiveOptions): LivePage {
  const refresher = createRefresher(options);
  let source: Source | null = null;

  const close = (): void => {
    source?.close();
    source = null;
  };
  const look = (): void => {
    if (document.visibilityState === 'hidden') return close();
    source ??= openSource(refresher.want);
    refresher.want();
  };
  document.addEventListener('visibilitychange', look);
  if (document.visibilityState === 'visible') source = openSource(refresher.want);
  return {
    refreshed: refresher.refreshed,
    stop: () => {
      document.removeEventListener('visibilitychange', look);
      close();
      refresher.stop();
    },
  };
}

/** Refreshes at most every 300 ms, and not while a refresh is under way, nor while the server does not give it. */
function createRefresher({ refresh, signedOut }: LiveOptions): { want(): void; refreshed(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let wanted = false;
  let askedAt = 0;
  let running = false;
  let stopped = false;

  const ask = async (): Promise<void> => {
    timer = null;
    if (!wanted || document.visibilityState === 'hidden') return;
    // A refresh whose end was never told must not stop all later ones.
    if (running && Date.now() - askedAt < slowestRefreshMs) return schedule();
    wanted = false;
    running = true;
    askedAt = Date.now();
    const access = await readAccess();
    if (stopped) return;
    if (access !== 'unknown') signedOut(access === 'ended');
    if (access === 'given') return refresh();
    running = false;
    wanted = true;
    timer ??= setTimeout(() => void ask(), pollMs);
  };
  const schedule = (): void => {
    const pause = Math.max(0, askedAt + leastPauseMs - Date.now()) || (running ? leastPauseMs : 0);
    timer ??= setTimeout(() => void ask(), pause);
  };
  return {
    want: () => {
      wanted = true;
      schedule();
    },
    refreshed: () => {
      running = false;
    },
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Whether the server would give this page to this browser. A proxy that speaks in the node's place tells nothing. */
async function readAccess(): Promise<'given' | 'ended' | 'unknown'> {
  try {
    const { status } = await fetch('/api/events', { method: 'HEAD', cache: 'no-store' });
    if (status === 401) return 'ended';
    return status === 204 ? 'given' : 'unknown';
  } catch {
    return 'unknown';
  }
}

interface Source {
  close(): void;
}

/** The browser's one stream, held by this page or by another one. */
function openSource(want: () => void): Source {
  // In pages over plain http there are no locks, whatever the type says.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined || typeof BroadcastChannel === 'undefined') return openStream(want);
  const channel = new BroadcastChannel(shared);
  channel.addEventListener('message', want);
  const tell = (): void => {
    want();
    channel.postMessage('change');
  };
  const ended = new AbortController();
  // What changed between the rendering of this page and now was told to others only.
  const late = setTimeout(want, atOnceMs);
  locks
    .request(shared, { signal: ended.signal }, async () => {
      if (ended.signal.aborted) return;
      clearTimeout(late);
      const stream = openStream(tell);
      await new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }));
      stream.close();
    })
    .catch(() => undefined);
  return {
    close: () => {
      clearTimeout(late);
      ended.abort();
      channel.close();
    },
  };
}

/** Tells of every change, and at each beginning, also after a drop, that there may have been some before. */
function openStream(tell: () => void): Source {
  let stream: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | null = null;

  const connect = (): void => {
    stream = new EventSource('/api/events');
    stream.addEventListener('change', tell);
    stream.addEventListener('open', () => {
      if (poll !== null) clearInterval(poll);
      poll = null;
      tell();
    });
    stream.addEventListener('error', () => {
      poll ??= setInterval(ask, pollMs);
    });
  };
  const ask = (): void => {
    tell();
    // It does not come back by itself when the server answered something else: the session ended, or a proxy spoke.
    if (stream?.readyState === EventSource.CLOSED) connect();
  };
  connect();
  return {
    close: () => {
      stream?.close();
      stream = null;
      if (poll !== null) clearInterval(poll);
      poll = null;
    },
  };
}
