import { nodeEndpoints, nodeRoute } from '#/server/node-route.ts';

export const dynamic = 'force-dynamic';

export const GET = nodeRoute(nodeEndpoints.info);
