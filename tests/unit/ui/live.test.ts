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

function stream(): FakeStream {
  const last = FakeStream.all.at(-1);
  if (last === undefined) throw new Error('No stream was opened.');
  return last;
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
    live = watchChanges(refresh);
  });
  afterEach(() => {
    live.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('refresh at once after a change', () => {
    stream().say('change');
    vi.advanceTimersByTime(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('refresh at most every 300 ms, and once more for what came meanwhile', () => {
    for (let at = 0; at < 900; at += 10) {
      stream().say('change');
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1000);
    expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(refresh.mock.calls.length).toBeLessThanOrEqual(5);
  });

  it('do not ask again while an answer is on its way', () => {
    refresh.mockImplementation(() => undefined);
    stream().say('change');
    vi.advanceTimersByTime(10);
    stream().say('change');
    vi.advanceTimersByTime(2000);
    expect(refresh).toHaveBeenCalledTimes(1);
    live.refreshed();
    vi.advanceTimersByTime(400);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('ask every 3 s while the stream is broken, and stop that when it is back', () => {
    stream().say('error');
    vi.advanceTimersByTime(9500);
    expect(refresh).toHaveBeenCalledTimes(3);
    stream().say('open');
    vi.advanceTimersByTime(9500);
    expect(refresh).toHaveBeenCalledTimes(3);
  });

  it('hold no stream while hidden, and look again when shown', () => {
    show('hidden');
    expect(stream().readyState).toBe(FakeStream.CLOSED);
    vi.advanceTimersByTime(60_000);
    expect(refresh).not.toHaveBeenCalled();
    show('visible');
    expect(FakeStream.all).toHaveLength(2);
    vi.advanceTimersByTime(10);
    expect(refresh).toHaveBeenCalledTimes(1);
  });
});
