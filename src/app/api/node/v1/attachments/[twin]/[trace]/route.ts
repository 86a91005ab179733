import { nodeEndpoints, nodeRoute } from '#/server/node-route.ts';

export const dynamic = 'force-dynamic';

export const GET = nodeRoute(nodeEndpoints.attachment);

export const PUT = nodeRoute(nodeEndpoints.pushAttachment);
