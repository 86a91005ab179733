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
