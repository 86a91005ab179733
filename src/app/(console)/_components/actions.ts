'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { confirmMovedNode, type MoveChoice } from '#/services/node/moved.ts';
import { redirect } from 'next/navigation';
import { endSession, readSession } from '#/server/auth.ts';
import { tellSignedOut } from '#/server/sign-out.ts';

export async function signOutAction(): Promise<never> {
  const session = await readSession();
  await endSession();
  if (session !== null) await tellSignedOut(session);
  redirect('/login');
}

/** The admin's word on a node that runs under another Exalate URL than before. */
export async function confirmMoveAction(input: { choice: MoveChoice }): Promise<ActionResult> {
  return runAction(z.object({ choice: z.enum(['moved', 'copy']) }), input, async (ctx, data) => {
    await confirmMovedNode(ctx, data);
    return {};
  });
}
