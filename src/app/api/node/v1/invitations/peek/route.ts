import { nodeEndpoints, nodeRoute } from '#/server/node-route.ts';

export const dynamic = 'force-dynamic';

export const POST = nodeRoute(nodeEndpoints.peek);
