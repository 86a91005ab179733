/** The brake of C8: issues that vanish in numbers are taken for a loss of sight. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
const patient = { timeoutMs: 25_000 };

it('holds however many lanes find their issues gone at the same moment: twenty pairs end, and the connection is paused', async () => {
  const { ctx, connectionId } = pair.a;
  const due = new Date();
  await ctx.db.twin.createMany({
    data: Array.from({ length: 40 }, (_, n) => ({
      id: randomUUID(),
      uid: randomUUID(),
      connectionId,
      localIssueId: String(900_000 + n),
      localIssueKey: `TEST-${900_000 + n}`,
      localProjectKey: 'TEST',
      exalatedBy: 'jane',
      outNumber: 1,
      wakeAt: due,
    })),
  });
  const connection = () => ctx.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  await waitFor('the pause', async () => (await connection()).statusCode === 'project_hidden', patient);
  await waitFor(
    'all lanes to be left',
    async () => (await ctx.db.twin.count({ where: { OR: [{ leaseUntil: { not: null } }, { fence: 0 }] } })) === 0,
    patient,
  );
  expect(await ctx.db.twin.count({ where: { endedAt: { not: null } } })).toBe(20);
  expect(await ctx.db.twin.count({ where: { status: 'local_removed' } })).toBe(20);
}, 60_000);
