/** Server actions: session, own origin, schema, one service call, typed state. Nothing is ever thrown at the browser. */
import { headers } from 'next/headers';
import type { z } from 'zod';
import { readyContext } from '#/server/container.ts';
import { asActor, type ServiceContext } from '#/services/context.ts';
import { inputProblem, parseForPeople } from '#/services/input-problem.ts';
import { type Problem, signedOut } from '#/ui/problem.ts';
import { readSession } from './auth.ts';
import { knownProblem, notReady, otherSite, unexpected } from './problem.ts';
import { comesFromOwnPage } from './same-origin.ts';

export type ActionResult<T extends object = object> = ({ ok: true } & T) | { ok: false; error: Problem };

/** Runs `work` for a signed-in administrator with parsed input. */
export async function runAction<S extends z.ZodType, T extends object>(
  schema: S,
  input: unknown,
  work: (ctx: ServiceContext, input: z.output<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  const session = await readSession();
  if (session === null) return { ok: false, error: signedOut };
  if (!comesFromOwnPage(await headers())) return { ok: false, error: otherSite };
  const parsed = parseForPeople(schema, input);
  if (!parsed.success) return { ok: false, error: invalidInput(parsed.error) };
  const context = await readyContext();
  if (context === null) return { ok: false, error: notReady };
  try {
    const { name, displayName } = session;
    return { ok: true, ...(await work(asActor(context, { kind: 'admin', name, displayName }), parsed.data)) };
  } catch (error) {
    const known = knownProblem(error);
    if (known === null) context.logger.error({ err: error }, 'action failed');
    return { ok: false, error: known ?? unexpected };
  }
}

function invalidInput(error: z.ZodError): Problem {
  const { summary, why, remedy, field } = inputProblem(error.issues[0]);
  return { summary, why, remedy, field };
}
