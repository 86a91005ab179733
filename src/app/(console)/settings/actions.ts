'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { repairWebhook } from '#/services/settings/repair-webhook.ts';
import { startVerify } from '#/services/verify/start-verify.ts';

export async function verifyNowAction(): Promise<ActionResult<{ runId: string }>> {
  return runAction(z.undefined(), undefined, (ctx) => startVerify(ctx));
}

export async function repairWebhookAction(): Promise<ActionResult<{ state: string }>> {
  return runAction(z.undefined(), undefined, repairWebhook);
}
