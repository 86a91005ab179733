/** Keeps the node's view of its own Jira: one fault shown once, and everything woken when it heals (C9). */
import { nodeFault } from '#/engine/fault/tracker-fault.ts';
import { TrackerError } from '#/engine/ports.ts';
import { clearFaults, recordFault } from '../error/record-fault.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Runs something that may talk to the own Jira; null when Jira failed, which is recorded. `provesJira` says of a result that
 * Jira has answered for it: work that found nothing to do proves nothing.
 */
export async function watchJira<Result>(
  ctx: ServiceContext,
  ask: () => Promise<Result>,
  provesJira: (result: Result) => boolean = () => false,
): Promise<Result | null> {
  try {
    const result = await ask();
    if (provesJira(result)) await healed(ctx);
    return result;
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    await recordFault(ctx, nodeFault(error, 'looking for changes'), { twinId: null, connectionId: null });
    return null;
  }
}

async function healed(ctx: ServiceContext): Promise<void> {
  const node = await ctx.db.node.findUniqueOrThrow({ where: { id: 1 }, select: { jiraState: true } });
  if (node.jiraState === 'ok') return;
  await clearFaults(ctx, { node: true });
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "wakeAt" = now() WHERE "wakeAt" > now() AND attempts > 0 AND "endedAt" IS NULL RETURNING id`;
  await ctx.wake.twins(rows.map((row) => row.id));
}
