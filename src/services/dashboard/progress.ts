import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

/** How far setting up has come, for Getting Started. */
export interface SetUpProgress {
  connections: number;
  active: number;
  synchronized: number;
  /** Triggers that are switched on. */
  triggers: number;
}

export async function setUpProgress(ctx: ServiceContext): Promise<SetUpProgress> {
  requireAdmin(ctx);
  const [connections, active, synchronized, triggers] = await Promise.all([
    ctx.db.connection.count(),
    ctx.db.connection.count({ where: { status: 'active' } }),
    ctx.db.twin.count({ where: { status: 'synchronized' } }),
    ctx.db.trigger.count({ where: { active: true } }),
  ]);
  return { connections, active, synchronized, triggers };
}
