import { z } from 'zod';
import { adminRoute } from '#/server/route.ts';
import { startBulkConnect } from '#/services/bulk/start-bulk-connect.ts';

export const dynamic = 'force-dynamic';

const inputSchema = z.object({
  connectionId: z.string(),
  rows: z.array(z.object({ line: z.number().int(), localKey: z.string(), remoteKey: z.string() })),
  filename: z.string(),
  existing: z.object({ comments: z.boolean(), attachments: z.boolean() }),
  winner: z.enum(['local', 'remote']),
});

/** Connects the pairs of a CSV file in the background. */
export const POST = adminRoute(inputSchema, startBulkConnect);
