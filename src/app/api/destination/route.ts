import { z } from 'zod';
import { adminRoute } from '#/server/route.ts';
import { lookUpDestination } from '#/services/connection/look-up-destination.ts';

const schema = z.object({ url: z.string().max(2000) });

/** What lies behind a destination URL. A route and no action, so that the browser can give up waiting. */
export const POST = adminRoute(schema, async (ctx, { url }, signal) => ({
  destination: await lookUpDestination(ctx, { url, signal }),
}));
