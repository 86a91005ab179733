'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { cleanUpIssue } from '#/services/clean-up/clean-up-issue.ts';
import { startCleanUpConnection } from '#/services/clean-up/start-clean-up-connection.ts';

export async function cleanUpIssueAction(input: {
  twinId: string;
}): Promise<ActionResult<{ localKey: string | null; remoteKey: string | null }>> {
  return runAction(z.object({ twinId: z.uuid() }), input, cleanUpIssue);
}

export async function cleanUpConnectionAction(input: {
  connectionId: string;
}): Promise<ActionResult<{ already: boolean }>> {
  return runAction(z.object({ connectionId: z.uuid() }), input, startCleanUpConnection);
}
