import { adminRoute } from '#/server/route.ts';
import { listIncomingProjects } from '#/services/connection/list-incoming-projects.ts';

export const dynamic = 'force-dynamic';

/** Projects in which the proxy user may create issues. */
export const GET = adminRoute(null, async (ctx) => ({ projects: await listIncomingProjects(ctx) }));
