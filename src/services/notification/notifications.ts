/** What is mailed and to whom, as General Settings shows and changes it. */
import { z } from 'zod';
import { faultText, isFaultCode } from '#/engine/fault/faults.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { mailFaults } from './mail-fault.ts';
import { addressSchema, recipientsOf } from './recipients.ts';
import { plainText } from '../plain-text.ts';

export const tellableImpacts = ['node', 'connection', 'trigger', 'issue'] as const;
export const intervals = [15, 60, 240, 1440] as const;
const mostRecipients = 20;

export interface Notifications {
  /** Host and port of SMTP_URL; null when it is not set. */
  server: string | null;
  defaultFrom: string | null;
  recipients: readonly string[];
  from: string | null;
  impacts: readonly string[];
  everyMinutes: number;
  sentAt: Date | null;
  /** Why the last try failed, and when the next one is. */
  problem: { errorId: string; summary: string; why: string; remedy: string; retryAt: Date | null } | null;
}

export async function getNotifications(ctx: ServiceContext): Promise<Notifications> {
  requireAdmin(ctx);
  const [node, error] = await Promise.all([
    ctx.db.node.findUniqueOrThrow({ where: { id: 1 } }),
    ctx.db.syncError.findFirst({ where: { code: { in: [...mailFaults] }, resolvedAt: null } }),
  ]);
  const text = error !== null && isFaultCode(error.code) ? faultText(error.code) : null;
  return {
    server: ctx.mail?.server ?? null,
    defaultFrom: ctx.mail?.defaultFrom ?? null,
    recipients: recipientsOf(node.notifyEmail ?? ''),
    from: node.notifyFrom,
    impacts: node.notifyImpacts,
    everyMinutes: node.notifyEveryMinutes,
    sentAt: node.mailSentAt,
    problem:
      error === null || text === null
        ? null
        : {
            errorId: error.id,
            summary: text.summary,
            why: error.detail,
            remedy: text.remedy,
            retryAt: node.mailRetryAt,
          },
  };
}

const address = addressSchema.or(z.literal(''));

export const notificationsSchema = z.object({
  recipients: plainText(6_000, 'These are too many recipients.'),
  from: plainText(254).trim().default(''),
  impacts: z.array(z.enum(tellableImpacts)),
  everyMinutes: z.union(intervals.map((minutes) => z.literal(minutes))),
});

const checkedSchema = notificationsSchema
  .refine(({ from }) => address.safeParse(from).success, {
    path: ['from'],
    message: 'The sender is not an e-mail address.',
  })
  .superRefine(({ recipients }, issues) => {
    const all = recipientsOf(recipients);
    const wrong = all.find((one) => !addressSchema.safeParse(one).success);
    const message =
      wrong !== undefined
        ? `"${wrong.slice(0, 60)}" is not an e-mail address.`
        : all.length > mostRecipients
          ? `These are more than ${mostRecipients} recipients; use a mailing list.`
          : null;
    if (message !== null) issues.addIssue({ code: 'custom', path: ['recipients'], message });
  });

/** Without recipients no e-mail goes out, and nothing is kept to be sent later. */
export async function saveNotifications(
  ctx: ServiceContext,
  input: z.input<typeof notificationsSchema>,
): Promise<void> {
  const admin = requireAdmin(ctx);
  const { recipients, from, impacts, everyMinutes } = parseInput(checkedSchema, input);
  const to = recipientsOf(recipients);
  await ctx.db.$transaction(async (tx) => {
    await tx.node.update({
      where: { id: 1 },
      data: {
        notifyEmail: to.length === 0 ? null : to.join(', '),
        notifyFrom: from === '' ? null : from,
        notifyImpacts: [...new Set(impacts)],
        notifyEveryMinutes: everyMinutes,
        mailAttempts: 0,
        mailRetryAt: null,
      },
    });
    if (to.length === 0) await tx.notice.deleteMany();
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'notifications.save',
        target: 'node',
        data: { recipients: to.join(', '), from, impacts: impacts.join(', '), everyMinutes },
      },
    });
  });
  await ctx.wake.pages({ kind: 'node' });
}
