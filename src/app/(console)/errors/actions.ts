'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { resolveError } from '#/services/error/resolve-error.ts';
import { retryAllErrors } from '#/services/error/retry-all-errors.ts';
import { retryError } from '#/services/error/retry-error.ts';

const byId = z.object({ id: z.uuid() });

export async function retryAction(input: { id: string }): Promise<ActionResult<{ woken: number }>> {
  return runAction(byId, input, retryError);
}

export async function retryAllAction(): Promise<ActionResult<{ retried: number }>> {
  return runAction(z.undefined(), undefined, retryAllErrors);
}

export async function resolveAction(input: { id: string }): Promise<ActionResult> {
  return runAction(byId, input, async (ctx, data) => {
    await resolveError(ctx, data);
    return {};
  });
}
