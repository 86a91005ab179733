/** Route handlers for the console's own pages: session, same origin, schema, one service call, JSON. */
import type { z } from 'zod';
import { readyContext } from '#/server/container.ts';
import { asActor, type ServiceContext } from '#/services/context.ts';
import { inputProblem, parseForPeople } from '#/services/input-problem.ts';
import { type Problem, signedOut } from '#/ui/problem.ts';
import { readSession } from './auth.ts';
import { knownProblem, notReady, unexpected } from './problem.ts';
import { isSameOrigin } from './same-origin.ts';
import type { ActionResult } from './action.ts';

/** A handler for signed-in administrators; with a schema the JSON body is parsed by it. Answers an {@link ActionResult}. */
export function adminRoute<S extends z.ZodType, T extends object>(
  schema: S | null,
  work: (ctx: ServiceContext, input: z.output<S>, signal: AbortSignal) => Promise<T>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const session = await readSession();
    if (session === null) return answer({ ok: false, error: signedOut }, 401);
    if (!sameOrigin(request)) return answer({ ok: false, error: unexpected }, 403);
    const body: unknown = schema === null ? undefined : await request.json().catch(() => undefined);
    const parsed = schema === null ? null : parseForPeople(schema, body);
    if (parsed && !parsed.success) return answer({ ok: false, error: problemOf(parsed.error) }, 400);
    const context = await readyContext();
    if (context === null) return answer({ ok: false, error: notReady }, 503);
    try {
      const { name, displayName } = session;
      const ctx = asActor(context, { kind: 'admin', name, displayName });
      return answer({ ok: true, ...(await work(ctx, parsed?.data as z.output<S>, request.signal)) }, 200);
    } catch (error) {
      const known = knownProblem(error);
      if (known === null) context.logger.error({ err: error }, 'route failed');
      return answer({ ok: false, error: known ?? unexpected }, known === null ? 500 : 200);
    }
  };
}

/** As {@link isSameOrigin}; a read without any such header is let through: browsers send none over plain http. */
export function sameOrigin(request: Request): boolean {
  const bare = request.headers.get('sec-fetch-site') === null && request.headers.get('origin') === null;
  return isSameOrigin(request) || (bare && (request.method === 'GET' || request.method === 'HEAD'));
}

function problemOf(error: z.ZodError): Problem {
  const { summary, why, remedy, field } = inputProblem(error.issues[0]);
  return { summary, why, remedy, field };
}

function answer(body: ActionResult<object>, status: number): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}
