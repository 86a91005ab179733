import { z } from 'zod';
import { runKinds } from '#/engine/bulk/run.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { toRunView, withConnection } from './run-view.ts';
import type { RunView } from './run-view.ts';

const inputSchema = z.object({
  kind: z.enum(runKinds).optional(),
  connectionId: z.uuid().optional(),
  triggerId: z.uuid().optional(),
  /** Only runs that are under way. */
  unfinished: z.boolean().default(false),
});

const most = 50;

/** The newest runs. */
export async function listRuns(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema> = {},
): Promise<readonly RunView[]> {
  requireAdmin(ctx);
  const { kind, connectionId, triggerId, unfinished } = parseInput(inputSchema, input);
  const runs = await ctx.db.bulkRun.findMany({
    where: {
      ...(kind === undefined ? {} : { kind }),
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(triggerId === undefined ? {} : { triggerId }),
      ...(unfinished ? { endedAt: null } : {}),
    },
    orderBy: { createdAt: 'desc' },
    take: most,
    include: withConnection,
  });
  return runs.map((run) => toRunView(ctx, run));
}
