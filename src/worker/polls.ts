/** Private node: keeps one long poll per partner open, in one worker of the node. */
import type { FileRefusal, WantedFile } from '#/engine/protocol/poll.ts';
import type { ServiceContext } from '#/services/context.ts';
import { isDatabaseFull, noteDatabaseFull } from '#/services/node/database-full.ts';
import { newTalk, pollPartner, polledConnections } from '#/services/connection/poll-partner.ts';
import { keepLoopLease } from '#/services/sync/loop-lease.ts';
import { pushFile } from '#/services/sync/push-file.ts';
import { startLoop } from './loop.ts';
import type { Loop } from './loop.ts';

const filesAtOnce = 4;
/** Longer than a poll is held, so that a healthy worker never loses its lease. */
const leaseSeconds = 45;
const leaseTakenMs = 2_000;
const lookMs = 1_000;
const retryMs = 2_000;

export function startPolls(ctx: ServiceContext): Loop {
  const stopped = new AbortController();
  const polling = new Map<string, Promise<void>>();
  const manager = startLoop(
    async () => {
      for (const id of await polledConnections(ctx)) {
        if (stopped.signal.aborted || polling.has(id)) continue;
        polling.set(
          id,
          keepPolling(ctx, id, stopped.signal).finally(() => polling.delete(id)),
        );
      }
      return lookMs;
    },
    (error) => ctx.logger.warn({ err: error }, 'partners to poll could not be looked up'),
  );
  return {
    async stop() {
      stopped.abort();
      await manager.stop();
      await Promise.all(polling.values());
    },
  };
}

async function keepPolling(ctx: ServiceContext, connectionId: string, signal: AbortSignal): Promise<void> {
  const talk = newTalk();
  const files = pusher(ctx, connectionId, talk.refusedFiles, signal);
  const owner = ctx.ids.uuid();
  const name = `poll:${connectionId}`;
  let over = false;
  while (!over && !signal.aborted) {
    let waitMs = retryMs;
    try {
      if (!(await keepLoopLease(ctx, { name, owner, leaseSeconds }))) waitMs = leaseTakenMs;
      else {
        const next = await pollPartner(ctx, { connectionId, talk, push: files.push, signal });
        over = next === null;
        waitMs = next ?? 0;
      }
    } catch (error) {
      if (isDatabaseFull(error)) await noteDatabaseFull(ctx);
      else ctx.logger.error({ err: error, connectionId }, 'poll failed');
    }
    if (!over && waitMs > 0) await pause(waitMs, signal);
  }
  await files.idle();
  await keepLoopLease(ctx, { name, owner, leaseSeconds: 0 }).catch(() => false);
}

function pusher(
  ctx: ServiceContext,
  connectionId: string,
  refused: { id: string; code: FileRefusal }[],
  signal: AbortSignal,
): { push: (file: WantedFile) => void; idle: () => Promise<void> } {
  const running = new Map<string, Promise<void>>();
  const waiting: WantedFile[] = [];
  function start(file: WantedFile): void {
    running.set(
      file.id,
      pushFile(ctx, { connectionId, file, signal })
        .then(
          (code) => void (code !== null && refused.push({ id: file.id, code })),
          (error: unknown) => ctx.logger.error({ err: error, connectionId }, 'file could not be brought'),
        )
        .finally(() => {
          running.delete(file.id);
          const next = waiting.shift();
          if (next !== undefined && !signal.aborted) start(next);
        }),
    );
  }
  return {
    push(file) {
      if (running.has(file.id) || waiting.some(({ id }) => id === file.id)) return;
      if (running.size < filesAtOnce) start(file);
      else waiting.push(file);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
