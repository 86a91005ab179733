'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { startBulkUnexalate } from '#/services/bulk/start-bulk-unexalate.ts';
import { checkJql } from '#/services/trigger/check-jql.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { deleteTrigger } from '#/services/trigger/delete-trigger.ts';
import { setTriggerActive } from '#/services/trigger/set-trigger-active.ts';
import { updateTrigger } from '#/services/trigger/update-trigger.ts';

const anything = z.object({}).loose();
const byTrigger = z.object({ triggerId: z.uuid() });

export interface TriggerValues {
  connectionId: string;
  jql: string;
  notes: string;
  active: boolean;
}

export async function checkJqlAction(input: { jql: string }): Promise<ActionResult<{ matches: number }>> {
  return runAction(anything, input, (ctx) => checkJql(ctx, input));
}

export async function createTriggerAction(input: TriggerValues): Promise<ActionResult<{ matches: number }>> {
  return runAction(anything, input, (ctx) => createTrigger(ctx, input));
}

export async function updateTriggerAction(
  input: TriggerValues & { triggerId: string },
): Promise<ActionResult<{ matches: number }>> {
  return runAction(anything, input, (ctx) => updateTrigger(ctx, input));
}

export async function setTriggerActiveAction(input: { triggerId: string; active: boolean }): Promise<ActionResult> {
  return runAction(byTrigger.extend({ active: z.boolean() }), input, async (ctx, data) => {
    await setTriggerActive(ctx, data);
    return {};
  });
}

export async function deleteTriggerAction(input: { triggerId: string }): Promise<ActionResult> {
  return runAction(byTrigger, input, async (ctx, data) => {
    await deleteTrigger(ctx, data);
    return {};
  });
}

export async function bulkExalateAction(input: { triggerId: string }): Promise<ActionResult<{ already: boolean }>> {
  return runAction(byTrigger, input, startBulkExalate);
}

export async function bulkUnexalateAction(input: { triggerId: string }): Promise<ActionResult<{ already: boolean }>> {
  return runAction(byTrigger, input, startBulkUnexalate);
}
