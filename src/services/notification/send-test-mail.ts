import { faultText } from '#/engine/fault/faults.ts';
import { testMail } from '#/engine/notification/digest.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { mailFault } from './mail-fault.ts';
import { clearMailFaults } from './mail-state.ts';
import { MailError } from './mailer.ts';
import { recipientsOf } from './recipients.ts';
import { forgetMailPause } from './send-due-mail.ts';

/** Sends a mail to the stored recipients now and says what came of it; what waited for a mail server that failed goes on. */
export async function sendTestMail(ctx: ServiceContext): Promise<{ recipients: readonly string[] }> {
  const admin = requireAdmin(ctx);
  const { mail } = ctx;
  const { notifyEmail, notifyFrom } = await ctx.db.node.findUniqueOrThrow({ where: { id: 1 } });
  const to = recipientsOf(notifyEmail ?? '');
  if (mail === undefined || mail === null)
    throw notPossible('No mail server is set.', 'Set SMTP_URL and restart the node.');
  if (to.length === 0) throw notPossible('There is no recipient.', 'Enter an address, save, and try again.');
  await ctx.db.auditEntry.create({ data: { actor: admin, verb: 'notifications.test', target: 'node' } });
  const place = { nodeName: ctx.node.name, exalateUrl: ctx.node.exalateUrl };
  try {
    const { refused } = await mail.send(
      {
        ...testMail(place),
        from: notifyFrom ?? mail.defaultFrom,
        to,
        id: `${ctx.ids.uuid()}@${new URL(ctx.node.exalateUrl).hostname}`,
        sentAt: new Date(ctx.clock.now()),
      },
      async () => undefined,
    );
    if (refused.length > 0) throw new MailError('address_refused', `Refused were: ${refused.join(', ')}.`);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const { summary, remedy } = faultText(mailFault(error).code);
    throw new ServiceError('conflict', { summary, why: error.message, remedy, cause: error });
  }
  await clearMailFaults(ctx);
  await forgetMailPause(ctx);
  return { recipients: to };
}

function notPossible(summary: string, remedy: string): ServiceError {
  return new ServiceError('conflict', { summary, why: 'Without it no e-mail can be sent.', remedy });
}
