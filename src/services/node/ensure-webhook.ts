/**
 * The webhook by which the own Jira hints at changes. Only Jira administrators may register one; without it polling alone
 * finds every change, only later (C7).
 */
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerWebhook } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { exclusively } from '../sync/loop-lease.ts';

/** Unguessable part of the webhook's address; Jira Server up to 9 cannot sign what it sends. */
export function webhookSecret(ctx: ServiceContext): string {
  return ctx.secrets.derive(`webhook:${ctx.node.instanceUid}`);
}

export function webhookUrl(ctx: ServiceContext): string {
  return `${ctx.node.exalateUrl}/api/jira/webhook/${webhookSecret(ctx)}`;
}

/** Registers the webhook where it is missing and the proxy user may; says on the node's row what came of it. */
export async function ensureWebhook(ctx: ServiceContext): Promise<void> {
  await exclusively(ctx, { name: 'webhook', leaseSeconds: 60 }, async () => {
    const { state, detail } = await register(ctx);
    await ctx.db.$executeRaw`
      UPDATE node SET "webhookState" = ${state}, "webhookDetail" = ${detail}
      WHERE id = 1 AND ("webhookState" <> ${state} OR "webhookDetail" IS DISTINCT FROM ${detail})`;
  });
}

async function register(ctx: ServiceContext): Promise<{ state: string; detail: string | null }> {
  const url = webhookUrl(ctx);
  const tracker = ctx.jira();
  try {
    const own = (await tracker.webhooks()).filter((hook) => isOwn(ctx, hook));
    const good = own.find((hook) => hook.url === url && hook.enabled);
    for (const hook of own) if (hook !== good) await tracker.removeWebhook(hook.id);
    if (good === undefined) await tracker.registerWebhook({ name: hookName(ctx), url, jql: '' });
    return { state: 'registered', detail: null };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    if (error.code === 'forbidden') {
      return { state: 'forbidden', detail: 'The proxy user is no Jira administrator and may not register webhooks.' };
    }
    return { state: 'failed', detail: error.message.slice(0, 500) };
  }
}

function hookName(ctx: ServiceContext): string {
  return `Exalate ${ctx.node.instanceUid}`;
}

function isOwn(ctx: ServiceContext, hook: TrackerWebhook): boolean {
  return hook.name === hookName(ctx);
}
