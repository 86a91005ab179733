import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LivePage, watchChanges } from '#/ui/live.ts';

class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeStream[] = [];
  readyState = 1;
  constructor() {
    super();
    FakeStream.all.push(this);
  }
  close(): void {
    this.readyState = FakeStream.CLOSED;
  }
  say(event: string): void {
    this.dispatchEvent(new Event(event));
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const refresh = vi.fn<() => void>();
let live: LivePage;
const signedOut = vi.fn<(ended: boolean) => void>();
/** What the server answers when a page asks whether it may refresh; null while it cannot be reached. */
let status: number | null;

function stream(): FakeStream {
  const last = FakeStream.all.at(-1);
  if (last === undefined) throw new Error('No stream was opened.');
  return last;
}

function serveAccess(): void {
  status = 204;
  vi.stubGlobal('fetch', () =>
    status === null ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve({ status }),
  );
}

function show(state: 'visible' | 'hidden'): void {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
}

describe('live pages', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeStream.all = [];
    refresh.mockReset().mockImplementation(() => live.refreshed());
    page.visibilityState = 'visible';
    vi.stubGlobal('document', page);
    vi.stubGlobal('EventSource', FakeStream);
    serveAccess();
    // As over plain http.
    vi.stubGlobal('navigator', {});
    signedOut.mockReset();
    live = watchChanges({ refresh, signedOut });
  });
  afterEach(() => {
    live.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('refresh at once after a change', async () => {
    stream().say('change');
    await vi.advanceTimersByTimeAsync(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('refresh at most every 300 ms, and once more for what came meanwhile', async () => {
    for (let at = 0; at < 900; at += 10) {
      stream().say('change');
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(refresh.mock.calls.length).toBeLessThanOrEqual(5);
  });

  it('do not ask again while an answer is on its way', async () => {
    refresh.mockImplementation(() => undefined);
    stream().say('change');
    await vi.advanceTimersByTimeAsync(10);
    stream().say('change');
    await vi.advanceTimersByTimeAsync(2000);
    expect(refresh).toHaveBeenCalledTimes(1);
    live.refreshed();
    await vi.advanceTimersByTimeAsync(400);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('ask every 3 s while the stream is broken, once more when it is back, and stop then', async () => {
    stream().say('error');
    await vi.advanceTimersByTimeAsync(9500);
    expect(refresh).toHaveBeenCalledTimes(3);
    stream().say('open');
    await vi.advanceTimersByTimeAsync(9500);
    expect(refresh).toHaveBeenCalledTimes(4);
  });

  it.each([null, 502])('stay as they are while nobody answers, or only a proxy (%s)', async (answer) => {
    status = answer;
    stream().say('error');
    await vi.advanceTimersByTimeAsync(9500);
    expect(refresh).not.toHaveBeenCalled();
    expect(signedOut).not.toHaveBeenCalled();
    status = 204;
    stream().say('open');
    await vi.advanceTimersByTimeAsync(3400);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('stay when the session has ended, say so, and go on by themselves once there is one again', async () => {
    status = 401;
    stream().close();
    stream().say('error');
    await vi.advanceTimersByTimeAsync(9500);
    expect(refresh).not.toHaveBeenCalled();
    expect(signedOut).toHaveBeenLastCalledWith(true);
    status = 204;
    await vi.advanceTimersByTimeAsync(3000);
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(signedOut).toHaveBeenLastCalledWith(false);
  });

  it('lose no change when the question whether they may refresh was lost', async () => {
    status = null;
    stream().say('change');
    await vi.advanceTimersByTimeAsync(10);
    status = 204;
    await vi.advanceTimersByTimeAsync(3000);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('look once when the stream begins, for what changed since the page was rendered', async () => {
    stream().say('open');
    await vi.advanceTimersByTimeAsync(1000);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('look once after a drop that was shorter than the pause between two questions', async () => {
    stream().say('open');
    await vi.advanceTimersByTimeAsync(1000);
    stream().say('error');
    await vi.advanceTimersByTimeAsync(2000);
    expect(refresh).toHaveBeenCalledTimes(1);
    stream().say('open');
    await vi.advanceTimersByTimeAsync(400);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('open the stream anew when the server has refused it', async () => {
    stream().close();
    stream().say('error');
    await vi.advanceTimersByTimeAsync(3100);
    expect(FakeStream.all).toHaveLength(2);
  });

  it('hold no stream while hidden, and look again when shown', async () => {
    show('hidden');
    expect(stream().readyState).toBe(FakeStream.CLOSED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).not.toHaveBeenCalled();
    show('visible');
    expect(FakeStream.all).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });
});

/** Locks and channels of one browser: a name has one holder at a time, who waits longest comes next. */
class FakeBrowser {
  readonly queue: Array<() => void> = [];
  readonly channels = new Set<FakeChannel>();
  held = false;

  readonly locks = {
    request: async (_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> => {
      if (this.held) await new Promise<void>((resolve) => this.queue.push(resolve));
      if (signal.aborted) return this.queue.shift()?.();
      this.held = true;
      await work();
      this.held = false;
      this.queue.shift()?.();
    },
  };
}

class FakeChannel extends EventTarget {
  static browser: FakeBrowser;
  constructor() {
    super();
    FakeChannel.browser.channels.add(this);
  }
  postMessage(): void {
    for (const other of FakeChannel.browser.channels) if (other !== this) other.dispatchEvent(new Event('message'));
  }
  close(): void {
    FakeChannel.browser.channels.delete(this);
  }
}

describe('two pages of one browser', () => {
  const pages: Array<{ refresh: ReturnType<typeof vi.fn>; live: LivePage }> = [];

  async function openPage(): Promise<void> {
    const refreshPage = vi.fn<() => void>();
    const opened = { refresh: refreshPage, live: watchChanges({ refresh: refreshPage, signedOut }) };
    refreshPage.mockImplementation(() => opened.live.refreshed());
    pages.push(opened);
    await vi.advanceTimersByTimeAsync(1);
  }
  const streams = (): FakeStream[] => FakeStream.all.filter(({ readyState }) => readyState !== FakeStream.CLOSED);

  beforeEach(async () => {
    vi.useFakeTimers();
    FakeStream.all = [];
    pages.length = 0;
    page.visibilityState = 'visible';
    FakeChannel.browser = new FakeBrowser();
    vi.stubGlobal('document', page);
    vi.stubGlobal('EventSource', FakeStream);
    vi.stubGlobal('BroadcastChannel', FakeChannel);
    serveAccess();
    vi.stubGlobal('navigator', { locks: FakeChannel.browser.locks });
    await openPage();
    await openPage();
  });
  afterEach(() => {
    for (const { live: watched } of pages) watched.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('share one stream, and both hear of a change', async () => {
    expect(FakeStream.all).toHaveLength(1);
    stream().say('change');
    await vi.advanceTimersByTimeAsync(10);
    for (const { refresh: refreshPage } of pages) expect(refreshPage).toHaveBeenCalledTimes(1);
  });

  it('go on with the stream of the second when the first is closed, which looks what it has missed', async () => {
    await vi.advanceTimersByTimeAsync(1000);
    // It came when the stream was there already.
    expect(pages[1]?.refresh).toHaveBeenCalledTimes(1);
    pages[0]?.live.stop();
    await vi.advanceTimersByTimeAsync(10);
    expect(streams()).toHaveLength(1);
    stream().say('open');
    await vi.advanceTimersByTimeAsync(400);
    expect(pages[1]?.refresh).toHaveBeenCalledTimes(2);
    stream().say('change');
    await vi.advanceTimersByTimeAsync(400);
    expect(pages[1]?.refresh).toHaveBeenCalledTimes(3);
    expect(pages[0]?.refresh).not.toHaveBeenCalled();
  });
});
