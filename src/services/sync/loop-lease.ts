import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceContext } from '../context.ts';

/**
 * Runs `pass` unless another process is in the middle of the same one; null when it was. The lease is renewed while the pass
 * runs, so it can be short: it is what the loop stands still for after a process was killed in the middle.
 */
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
  const hold = (seconds: number): Promise<unknown> => ctx.db.$executeRaw`
    UPDATE loop_lease SET "leaseUntil" = now() + make_interval(secs => ${seconds}) WHERE name = ${loop.name} AND owner = ${owner}`;
  const renewal = setInterval(() => {
    hold(loop.leaseSeconds).catch((error: unknown) =>
      ctx.logger.warn({ err: error, loop: loop.name }, 'lease could not be renewed'),
    );
  }, loop.leaseSeconds * 250);
  try {
    return await pass();
  } finally {
    clearInterval(renewal);
    // Once more for a connection that was just lost; what cannot be given back runs out.
    await hold(0).catch(() => delay(200).then(() => hold(0)));
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
