import { describe, expect, it } from 'vitest';
import { TrackerError } from '#/engine/ports.ts';
import { watchJira } from '#/services/node/watch-jira.ts';
import { usePair } from '../../support/pair.ts';

const pair = usePair({ nodeA: { worker: false } });

const state = async (): Promise<string> =>
  (await pair.a.ctx.db.node.findUniqueOrThrow({ where: { id: 1 }, select: { jiraState: true } })).jiraState;

describe('the state of the own Jira', () => {
  it('stays a fault while work that asked nothing of Jira goes well, and heals with the first answer', async () => {
    const down = new TrackerError('unreachable', { message: 'refused', outcome: 'not_performed' });
    await watchJira(pair.a.ctx, () => Promise.reject(down));
    expect(await state()).toBe('jira_unreachable');
    await watchJira(pair.a.ctx, async () => false);
    expect(await state()).toBe('jira_unreachable');
    await watchJira(
      pair.a.ctx,
      async () => true,
      () => true,
    );
    expect(await state()).toBe('ok');
  });
});
