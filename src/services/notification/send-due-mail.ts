/**
 * E-mail about errors. Whoever records an error leaves a notice in the same statement (`upsert-error.ts`); this sends one
 * mail for all that are due. A group of equal errors is in at most one mail per interval, whatever dies in between: that it
 * was told is on record before the mail server gets the text, and is taken back only when the server has clearly refused.
 */
import { digestMail } from '#/engine/notification/digest.ts';
import { backoffMs } from '#/kernel/backoff.ts';
import type { ServiceContext } from '../context.ts';
import { exclusively } from '../sync/loop-lease.ts';
import { dueNotices, type DueNotice, takeBack, tellNow, told } from './due-notices.ts';
import { clearMailFaults, noteMailFault } from './mail-state.ts';
import { MailError } from './mailer.ts';
import { recipientsOf } from './recipients.ts';

export interface MailTiming {
  /** What comes up within so many milliseconds is one mail, and what heals by then is none. */
  gatherMs: number;
  /** First and longest pause after a failure. */
  retryMs: { baseMs: number; maxMs: number };
  leaseSeconds: number;
}

const usual: MailTiming = { gatherMs: 20_000, retryMs: { baseMs: 60_000, maxMs: 3_600_000 }, leaseSeconds: 60 };

/** Sends what is due, if anything; true when a mail went out. */
export async function sendDueMail(ctx: ServiceContext, timing: Partial<MailTiming> = {}): Promise<boolean> {
  const times = { ...usual, ...timing };
  const { mail } = ctx;
  // Nothing is written, and no lease is taken, while there is nothing to send.
  if (mail === undefined || mail === null || !(await isReady(ctx, times.gatherMs))) return false;
  const sent = await exclusively(ctx, { name: 'mail', leaseSeconds: times.leaseSeconds }, async () => {
    if (!(await isReady(ctx, times.gatherMs))) return false;
    const notices = await dueNotices(ctx.db);
    return notices.length > 0 && (await send(ctx, notices, times));
  });
  return sent === true;
}

/** A pause after a failure that a restart may have cured, as by other credentials, is not waited out. */
export async function forgetMailPause(ctx: ServiceContext): Promise<void> {
  await ctx.db.$executeRaw`UPDATE node SET "mailRetryAt" = NULL WHERE id = 1 AND "mailRetryAt" IS NOT NULL`;
}

/** Node and connection stop much work, so they are told at once; everything else at most once per interval. */
async function isReady(ctx: ServiceContext, gatherMs: number): Promise<boolean> {
  const rows = await ctx.db.$queryRaw<{ ready: boolean | null }[]>`
    SELECT (min(n."pendingSince") FILTER (WHERE e.impact IN ('node', 'connection')) <= g.gathered
      OR min(n."pendingSince") <= g.gathered
        AND NOT EXISTS (SELECT FROM notice m WHERE m."toldAt" > now() - make_interval(mins => node."notifyEveryMinutes"))) AS ready
    FROM node, notice n JOIN sync_error e ON e.fingerprint = n.fingerprint AND e."resolvedAt" IS NULL,
      LATERAL (SELECT now() - ${gatherMs} * interval '1 millisecond' AS gathered) g
    WHERE node.id = 1 AND node."notifyEmail" IS NOT NULL AND (node."mailRetryAt" IS NULL OR node."mailRetryAt" <= now())
      AND n."pendingSince" IS NOT NULL AND e.impact = ANY(node."notifyImpacts")
      AND (n."toldAt" IS NULL OR n."toldAt" <= now() - make_interval(mins => node."notifyEveryMinutes"))
    GROUP BY g.gathered, node."notifyEveryMinutes"`;
  return rows[0]?.ready === true;
}

async function send(ctx: ServiceContext, notices: readonly DueNotice[], { retryMs }: MailTiming): Promise<boolean> {
  const { mail } = ctx;
  if (mail === undefined || mail === null) return false;
  const node = await ctx.db.node.findUniqueOrThrow({
    where: { id: 1 },
    select: { notifyEmail: true, notifyFrom: true, mailAttempts: true },
  });
  const fingerprints = notices.map(({ fingerprint }) => fingerprint);
  const now = new Date(ctx.clock.now());
  const handover: { at: Date | null } = { at: null };
  try {
    const { refused } = await mail.send(
      {
        ...digestMail(notices, { nodeName: ctx.node.name, exalateUrl: ctx.node.exalateUrl }),
        from: node.notifyFrom ?? mail.defaultFrom,
        to: recipientsOf(node.notifyEmail ?? ''),
        id: `${ctx.ids.uuid()}@${new URL(ctx.node.exalateUrl).hostname}`,
        sentAt: now,
      },
      async () => {
        handover.at = await tellNow(ctx.db, fingerprints);
      },
    );
    await told(ctx.db, fingerprints, handover.at ?? now);
    await ctx.db.node.update({
      where: { id: 1 },
      data: { mailAttempts: 0, mailRetryAt: null, mailSentAt: now },
    });
    if (refused.length === 0) await clearMailFaults(ctx);
    else await noteMailFault(ctx, new MailError('address_refused', `Refused were: ${refused.join(', ')}.`));
    return true;
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const unknown = error.code === 'outcome_unknown';
    if (handover.at !== null && !unknown) await takeBack(ctx.db, fingerprints, handover.at);
    const attempts = node.mailAttempts + 1;
    // At least half of the pause: a mail server is not to be knocked at.
    const pauseMs = backoffMs(attempts, retryMs, () => 0.5 + Math.random() / 2);
    await ctx.db.node.update({
      where: { id: 1 },
      data: { mailAttempts: attempts, mailRetryAt: new Date(ctx.clock.now() + pauseMs) },
    });
    await noteMailFault(ctx, error);
    ctx.logger.warn({ err: error, attempts }, 'e-mail could not be sent');
    return false;
  }
}
