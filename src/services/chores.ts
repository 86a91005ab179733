/**
 * What a node does beside looking for changes and running lanes. Each chore keeps in the database how far it is, and can be
 * done by several processes at once: the worker does them in loops, a pass of `POST /api/sync` each as long as it has work.
 */
import { bulkStep, nextBulkStepInMs } from './bulk/bulk-step.ts';
import { settleCancelled } from './bulk/watch-items.ts';
import { sweepEndedPairs } from './clean-up/clean-pair.ts';
import { checkIn } from './connection/check-in.ts';
import { deletionStep } from './connection/delete-connection.ts';
import { resumeKeyRotations } from './connection/rotate-channel-key.ts';
import type { ServiceContext } from './context.ts';
import { rollUpActivity } from './dashboard/roll-up-activity.ts';
import { resumeAcceptances } from './invitation/resume-acceptances.ts';
import { ensureWebhook } from './node/ensure-webhook.ts';
import { prune } from './node/prune.ts';
import { watchJira } from './node/watch-jira.ts';
import { sendDueMail } from './notification/send-due-mail.ts';
import { sweep } from './sync/sweep.ts';
import { nightlyVerify } from './verify/nightly-verify.ts';
import { verifyStep } from './verify/verify-step.ts';

export interface Chore {
  name: string;
  /** Waits until a Jira is attached. */
  needsJira: boolean;
  /** A worker that just began leaves it for so long. */
  firstAfterMs: number;
  /** One step; gives the milliseconds after which the next one is worth while. */
  turn(ctx: ServiceContext): Promise<number>;
}

const second = 1_000;
const minute = 60 * second;

/** `owner` names the process, for leases. */
export function chores(owner: string): readonly Chore[] {
  const chore = (
    name: string,
    turn: Chore['turn'],
    { needsJira = false, firstAfterMs = 0 }: Partial<Pick<Chore, 'needsJira' | 'firstAfterMs'>> = {},
  ): Chore => ({ name, turn, needsJira, firstAfterMs });
  const every = (ms: number, name: string, work: (ctx: ServiceContext) => Promise<unknown>): Chore =>
    chore(name, async (ctx) => {
      await work(ctx);
      return ms;
    });

  return [
    chore('check-in', async (ctx) => ((await checkIn(ctx)) > 0 ? second / 2 : 2 * second)),
    every(minute, 'handshake', resumeAcceptances),
    every(5 * second, 'keys', resumeKeyRotations),
    chore('deletion', async (ctx) => ((await deletionStep(ctx)) ? 20 : 2 * second)),
    every(2 * second, 'ended pairs', sweepEndedPairs),
    every(2 * second, 'cancelled runs', settleCancelled),
    every(5 * second, 'mail', sendDueMail),
    every(minute, 'activity', rollUpActivity),
    every(10 * minute, 'prune', prune),
    chore(
      'bulk',
      async (ctx) => {
        await bulkStep(ctx, owner);
        return nextBulkStepInMs(ctx, second);
      },
      { needsJira: true },
    ),
    chore('sweep', async (ctx) => Math.min((await watchJira(ctx, () => sweep(ctx)))?.waitMs ?? minute, minute), {
      needsJira: true,
      firstAfterMs: minute,
    }),
    chore(
      'verify',
      async (ctx) => {
        await nightlyVerify(ctx);
        return (await watchJira(ctx, () => verifyStep(ctx))) === true ? 200 : 2 * second;
      },
      { needsJira: true },
    ),
    { ...every(5 * minute, 'webhook', ensureWebhook), needsJira: true },
  ];
}
