'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { repairWebhook } from '#/services/settings/repair-webhook.ts';

export async function repairWebhookAction(): Promise<ActionResult<{ state: string }>> {
  return runAction(z.undefined(), undefined, repairWebhook);
}
