import type { ServiceContext } from '../context.ts';
import { startVerify } from './start-verify.ts';

const dayMs = 24 * 3_600_000;
/** Hours of this machine's clock. */
const night = { from: 1, to: 5 };

/** Starts the verification of this night, once. */
export async function nightlyVerify(ctx: ServiceContext): Promise<void> {
  const now = ctx.clock.now();
  const hour = new Date(now).getHours();
  if (hour < night.from || hour >= night.to) return;
  const recent = await ctx.db.verifyRun.count({ where: { startedAt: { gt: new Date(now - dayMs / 2) } } });
  if (recent === 0) await startVerify(ctx);
}
