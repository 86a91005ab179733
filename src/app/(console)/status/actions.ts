'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { queuedWork } from '#/services/twin/queued-work.ts';
import { syncTwinNow } from '#/services/twin/sync-twin-now.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';

const byTwin = z.object({ twinId: z.uuid() });

export async function queuedAction(input: {
  twinId: string;
}): Promise<ActionResult<{ outgoing: number; incoming: number }>> {
  return runAction(byTwin, input, queuedWork);
}

export async function unexalateAction(input: { twinId: string }): Promise<ActionResult> {
  return runAction(byTwin, input, async (ctx, data) => {
    await unexalateIssue(ctx, data);
    return {};
  });
}

export async function syncNowAction(input: { twinId: string }): Promise<ActionResult> {
  return runAction(byTwin, input, async (ctx, data) => {
    await syncTwinNow(ctx, data);
    return {};
  });
}
