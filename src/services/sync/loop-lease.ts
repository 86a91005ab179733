import type { ServiceContext } from '../context.ts';

/** Runs `pass` unless another process is in the middle of the same one; null when it was. */
export async function exclusively<Result>(
  ctx: ServiceContext,
  loop: { name: string; leaseSeconds: number },
  pass: () => Promise<Result>,
): Promise<Result | null> {
  const owner = ctx.ids.uuid();
  const taken = await ctx.db.$executeRaw`
    INSERT INTO loop_lease (name, owner, "leaseUntil")
    VALUES (${loop.name}, ${owner}, now() + make_interval(secs => ${loop.leaseSeconds}))
    ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, "leaseUntil" = EXCLUDED."leaseUntil"
    WHERE loop_lease."leaseUntil" < now()`;
  if (taken === 0) return null;
  try {
    return await pass();
  } finally {
    await ctx.db.$executeRaw`UPDATE loop_lease SET "leaseUntil" = now() WHERE name = ${loop.name} AND owner = ${owner}`;
  }
}

/** Takes or keeps the lease of work that goes on and on; false while another process has it. Zero seconds give it back. */
export async function keepLoopLease(
  ctx: ServiceContext,
  loop: { name: string; owner: string; leaseSeconds: number },
): Promise<boolean> {
  const kept = await ctx.db.$executeRaw`
    INSERT INTO loop_lease (name, owner, "leaseUntil")
    VALUES (${loop.name}, ${loop.owner}, now() + make_interval(secs => ${loop.leaseSeconds}))
    ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, "leaseUntil" = EXCLUDED."leaseUntil"
    WHERE loop_lease."leaseUntil" < now() OR loop_lease.owner = EXCLUDED.owner`;
  return kept > 0;
}
