import { recordFault } from '../error/record-fault.ts';
import type { ServiceContext } from '../context.ts';
import { mailFault, mailFaults } from './mail-fault.ts';
import type { MailError } from './mailer.ts';

/** Shows on the Errors page and in General Settings why no e-mail goes out; one reason at a time. */
export async function noteMailFault(ctx: ServiceContext, error: MailError): Promise<void> {
  const fault = mailFault(error);
  await resolveMailFaults(
    ctx,
    mailFaults.filter((code) => code !== fault.code),
  );
  await recordFault(ctx, fault, { twinId: null, connectionId: null });
}

export async function clearMailFaults(ctx: ServiceContext): Promise<void> {
  if ((await resolveMailFaults(ctx, mailFaults)) > 0) await ctx.wake.pages({ kind: 'node' });
}

async function resolveMailFaults(ctx: ServiceContext, codes: readonly string[]): Promise<number> {
  const { count } = await ctx.db.syncError.updateMany({
    where: { code: { in: [...codes] }, resolvedAt: null },
    data: { resolvedAt: new Date(ctx.clock.now()), resolvedBy: 'sync' },
  });
  return count;
}
