import { z } from 'zod';
import { adminRoute } from '#/server/route.ts';
import { searchConsole } from '#/services/palette/search-console.ts';

export const dynamic = 'force-dynamic';

/** Connections and pairs for the command palette. */
export const POST = adminRoute(z.object({ text: z.string().max(300) }), (ctx, input) => searchConsole(ctx, input));
