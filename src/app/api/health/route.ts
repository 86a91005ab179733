import { getContext } from '#/server/container.ts';
import { nodeHealth } from '#/services/settings/node-health.ts';

export const dynamic = 'force-dynamic';

/** For load balancers and monitoring: no secrets, no session. */
export async function GET(): Promise<Response> {
  const health = await getContext().then(nodeHealth, () => null);
  const body = health ?? { status: 'down', database: 'down', jira: 'unknown', worker: 'unknown', version: null };
  // Through a load balancer, too, an admin must get to the set-up page.
  const up = body.status === 'ok' || body.status === 'not_set_up';
  return Response.json(body, { status: up ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}
