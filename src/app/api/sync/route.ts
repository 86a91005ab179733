import { bearerOrAdmin } from '#/server/bearer.ts';
import { readyContext } from '#/server/container.ts';
import { knownProblem, notReady, unexpected } from '#/server/problem.ts';
import { syncPass } from '#/services/sync/sync-pass.ts';

export const dynamic = 'force-dynamic';
export const maxDuration = 60;

/** The background route handler: one pass of everything due, for cron and serverless deployments as much as for an admin. */
export async function POST(request: Request): Promise<Response> {
  const refused = await bearerOrAdmin(request);
  if (refused !== null) return refused;
  const context = await readyContext();
  if (context === null) return Response.json({ error: notReady }, { status: 503 });
  try {
    return Response.json(await syncPass(context));
  } catch (error) {
    const known = knownProblem(error);
    if (known === null) context.logger.error({ err: error }, 'pass failed');
    return Response.json({ error: known ?? unexpected }, { status: 503 });
  }
}
