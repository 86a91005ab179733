'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { cancelRun } from '#/services/bulk/cancel-run.ts';

export async function cancelRunAction(input: { runId: string }): Promise<ActionResult> {
  return runAction(z.object({ runId: z.uuid() }), input, async (ctx, data) => {
    await cancelRun(ctx, data);
    return {};
  });
}
