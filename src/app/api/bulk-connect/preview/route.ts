import { z } from 'zod';
import { adminRoute } from '#/server/route.ts';
import { previewBulkConnect } from '#/services/bulk/preview-bulk-connect.ts';

export const dynamic = 'force-dynamic';

/** Checks every line of a CSV file. A route, because server actions take no file of this size. */
export const POST = adminRoute(z.object({ connectionId: z.string(), text: z.string() }), previewBulkConnect);
