'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { notificationsSchema, saveNotifications } from '#/services/notification/notifications.ts';
import { sendTestMail } from '#/services/notification/send-test-mail.ts';
import { repairWebhook } from '#/services/settings/repair-webhook.ts';

export async function repairWebhookAction(): Promise<ActionResult<{ state: string }>> {
  return runAction(z.undefined(), undefined, repairWebhook);
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
