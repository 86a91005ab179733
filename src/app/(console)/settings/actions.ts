'use server';
import { headers } from 'next/headers';
import { z } from 'zod';
import { nodeSettings } from '#/env.ts';
import { type ActionResult, runAction } from '#/server/action.ts';
import { clientAddress } from '#/server/client-address.ts';
import { connectForSetup } from '#/server/container.ts';
import type { TriedJira } from '#/services/setup/try-jira.ts';
import { changeProxyUser, type ChangeProxyUserInput } from '#/services/setup/change-proxy-user.ts';
import { notificationsSchema, saveNotifications } from '#/services/notification/notifications.ts';
import { sendTestMail } from '#/services/notification/send-test-mail.ts';
import { repairWebhook } from '#/services/settings/repair-webhook.ts';
import { startVerify } from '#/services/verify/start-verify.ts';

export async function verifyNowAction(): Promise<ActionResult<{ runId: string }>> {
  return runAction(z.undefined(), undefined, (ctx) => startVerify(ctx));
}

export async function repairWebhookAction(): Promise<ActionResult<{ state: string }>> {
  return runAction(z.undefined(), undefined, repairWebhook);
}

export async function changeProxyUserAction(values: ChangeProxyUserInput): Promise<ActionResult<TriedJira>> {
  const asked = await headers();
  return runAction(z.object({}).loose(), values, (ctx) =>
    changeProxyUser(ctx, {
      values,
      address: clientAddress(asked, ctx.node.exalateUrl),
      fromEnvironment: nodeSettings().jira !== null,
      connect: connectForSetup,
    }),
  );
}

export async function saveNotificationsAction(input: z.input<typeof notificationsSchema>): Promise<ActionResult> {
  return runAction(notificationsSchema, input, async (ctx, data) => {
    await saveNotifications(ctx, data);
    return {};
  });
}

export async function testMailAction(): Promise<ActionResult<{ recipients: readonly string[] }>> {
  return runAction(z.undefined(), undefined, sendTestMail);
}
