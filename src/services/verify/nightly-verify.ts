import type { ServiceContext } from '../context.ts';
import { startVerify } from './start-verify.ts';

const halfDayMs = 12 * 3_600_000;
/** Hours of this machine's clock. */
const night = { from: 1, to: 5 };

/**
 * Starts the verification of this night, once. One that an admin started in the hours before stands for it, and a node
 * that was set up in them waits for the next night: all that it has was compared while it was synced.
 */
export async function nightlyVerify(ctx: ServiceContext): Promise<void> {
  const now = ctx.clock.now();
  const hour = new Date(now).getHours();
  if (hour < night.from || hour >= night.to) return;
  const lately = { gt: new Date(now - halfDayMs) };
  const [runs, newNodes] = await Promise.all([
    ctx.db.verifyRun.count({ where: { startedAt: lately } }),
    ctx.db.node.count({ where: { createdAt: lately } }),
  ]);
  if (runs + newNodes === 0) await startVerify(ctx);
}
