'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';

export interface ConnectInput {
  connectionId: string;
  localKey: string;
  remoteKey: string;
  existing: { comments: boolean; attachments: boolean };
  winner: 'local' | 'remote';
}

/** Puts two existing issues under sync with each other. */
export async function connectAction(input: ConnectInput): Promise<ActionResult<{ twinId: string }>> {
  return runAction(z.object({}).loose(), input, (ctx) => connectIssues(ctx, input));
}
