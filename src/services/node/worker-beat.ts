import type { ServiceContext } from '../context.ts';

const aliveSeconds = 30;

export async function beat(ctx: ServiceContext, owner: string): Promise<void> {
  await ctx.db.$executeRaw`
    INSERT INTO worker_beat (owner, "startedAt", "seenAt") VALUES (${owner}, now(), now())
    ON CONFLICT (owner) DO UPDATE SET "seenAt" = now()`;
}

export async function endBeat(ctx: ServiceContext, owner: string): Promise<void> {
  await ctx.db.$executeRaw`DELETE FROM worker_beat WHERE owner = ${owner} OR "seenAt" < now() - interval '1 hour'`;
}

/** Whether some worker process of this node has shown itself lately. */
export async function workerAlive(ctx: ServiceContext): Promise<boolean> {
  const rows = await ctx.db.$queryRaw<{ alive: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM worker_beat WHERE "seenAt" > now() - make_interval(secs => ${aliveSeconds})) AS alive`;
  return rows[0]?.alive ?? false;
}
