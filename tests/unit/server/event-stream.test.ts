import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventStream } from '#/server/event-stream.ts';
import type { PageChange } from '#/server/events.ts';
import { sessionKey } from '#/server/session-key.ts';

const hourMs = 3_600_000;
let listeners: Set<(change: PageChange) => void>;
let gone: AbortController;

function open(options: { name?: string; lastId?: number } = {}): {
  session: { name: string; expiresMs: number };
  /** What has come since the last call, and whether the stream has ended. */
  read(): Promise<{ text: string; ended: boolean }>;
} {
  const session = { name: options.name ?? 'admin', expiresMs: Date.now() + hourMs };
  const stream = eventStream({
    session,
    lastId: options.lastId ?? 0,
    signal: gone.signal,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  let text = '';
  let ended = false;
  const decoder = new TextDecoder();
  void (async () => {
    for await (const part of stream) text += decoder.decode(part);
    ended = true;
  })();
  return {
    session,
    async read() {
      await vi.advanceTimersByTimeAsync(0);
      const seen = { text, ended };
      text = '';
      return seen;
    },
  };
}

function tell(change: PageChange): void {
  for (const listener of listeners) listener(change);
}

describe('a stream of changes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    listeners = new Set();
    gone = new AbortController();
  });
  afterEach(() => vi.useRealTimers());

  it('tells each change with a number', async () => {
    const stream = open();
    tell({ kind: 'twin', id: 'one' });
    expect((await stream.read()).text).toContain('id: 1\nevent: change\ndata: {"kind":"twin","id":"one"}\n\n');
  });

  it('tells a browser that comes back to look for itself, and a new page nothing', async () => {
    expect((await open().read()).text).not.toContain('event: change');
    expect((await open({ lastId: 7 }).read()).text).toContain('id: 8\nevent: change\ndata: {"kind":"node"}');
  });

  it('ends with the session to the second', async () => {
    const stream = open();
    await vi.advanceTimersByTimeAsync(hourMs - 1000);
    expect((await stream.read()).ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await stream.read()).ended).toBe(true);
    expect(listeners.size).toBe(0);
  });

  it('ends when its own session is signed out, and tells nobody of others', async () => {
    const [own, other] = [open({ name: 'admin' }), open({ name: 'jane' })];
    tell({ kind: 'signed_out', id: sessionKey(own.session) });
    expect((await own.read()).ended).toBe(true);
    const { text, ended } = await other.read();
    expect(ended).toBe(false);
    expect(text).not.toContain('signed_out');
    expect(listeners.size).toBe(1);
  });

  it('holds nothing any more when the browser has gone', async () => {
    const stream = open();
    gone.abort();
    expect((await stream.read()).ended).toBe(true);
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
