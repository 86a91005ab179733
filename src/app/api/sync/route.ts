import { bearerOrAdmin } from '#/server/bearer.ts';
import { getContext } from '#/server/container.ts';
import { syncPass } from '#/services/sync/sync-pass.ts';

export const dynamic = 'force-dynamic';
export const maxDuration = 60;

/** The background route handler: one pass of everything due, for cron and serverless deployments as much as for an admin. */
export async function POST(request: Request): Promise<Response> {
  const refused = await bearerOrAdmin(request);
  if (refused !== null) return refused;
  return Response.json(await syncPass(await getContext()));
}
