import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { ensureWebhook } from '../node/ensure-webhook.ts';

/** Registers the webhook where it is missing, and puts right one that was altered. Throws when Jira does not let it. */
export async function repairWebhook(ctx: ServiceContext): Promise<{ state: string }> {
  const admin = requireAdmin(ctx);
  await ensureWebhook(ctx);
  const { webhookState: state, webhookDetail: detail } = await ctx.db.node.findUniqueOrThrow({
    where: { id: 1 },
    select: { webhookState: true, webhookDetail: true },
  });
  await ctx.db.auditEntry.create({ data: { actor: admin, verb: 'webhook.repair', target: 'node', data: { state } } });
  await ctx.wake.pages({ kind: 'node' });
  if (state === 'registered') return { state };
  throw new ServiceError('jira_unavailable', {
    summary: 'The webhook could not be registered.',
    why: detail ?? 'Jira did not take it.',
    remedy:
      state === 'forbidden'
        ? 'Give the proxy user the global permission Administer Jira and try again; until then polling finds every change, only later.'
        : 'Check that Jira can be reached, then try again; until then polling finds every change, only later.',
  });
}
