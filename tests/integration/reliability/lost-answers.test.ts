import { afterEach, describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { createLoad } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { loseAnswers, lostAnswers } from '../../support/lose-answers.ts';
import { expectClean, handsOf, heal, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });

afterEach(() => heal(pair));

describe('every fifth answer to a write is lost after Jira performed it', () => {
  it.each([1, 2])(
    'seed %i: first syncs of issues with comments and files make no duplicate and lose nothing',
    async (seed) => {
      const random = seededRandom(seed);
      const load = createLoad(random, seed * 10_000);
      const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
      await loseEveryFifth(seed);
      for (let n = 0; n < 20; n += 1) {
        const [company, hands] = random.chance(0.5) ? [pair.a, a] : [pair.b, b];
        const issueKey = await load.newIssue(hands, { comments: 7, attachments: 1 });
        await exalateIssue(company.ctx, { connectionId: company.connectionId, issueKey });
      }
      const verdict = await verdictOf(pair, load.expected);
      expectClean(verdict);
      expect(verdict.compared.comments).toBeGreaterThanOrEqual(140);
      const { lost } = await lostAnswers([pair.a.jira.control, pair.b.jira.control]);
      expect(lost).toBeGreaterThan(20);
    },
    60_000,
  );

  it.each([3, 4])(
    'seed %i: edits, deletions and type changes on both sides at once lose nothing and echo nothing',
    async (seed) => {
      const random = seededRandom(seed);
      const load = createLoad(random, seed * 10_000);
      const hands = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')] as const;
      const keys: (readonly [string, string])[] = [];
      for (let n = 0; n < 4; n += 1) {
        const key = await load.newIssue(hands[0], { comments: 3, attachments: 1 });
        keys.push([key, await pair.sync(key)]);
      }
      await loseEveryFifth(seed);
      for (let n = 0; n < 120; n += 1) {
        const side = random.below(2) as 0 | 1;
        const key = random.pick(keys)[side];
        await random.pick([
          () => load.editFields(hands[side], key),
          () => load.editFields(hands[side], key),
          () => load.changeType(hands[side], key),
          () => load.comment(hands[side], key),
          () => load.editComment(),
          () => load.editComment(),
          () => load.deleteComment(),
          () => load.attach(hands[side], key),
          () => load.deleteAttachment(),
        ])();
      }
      expectClean(await verdictOf(pair, load.expected));
    },
    60_000,
  );
});

describe('the answer to the creation of an issue is lost', () => {
  it('and the issue is recognised although hundreds were created after it', async () => {
    const load = createLoad(seededRandom(5), 50_000);
    const issueKey = await load.newIssue(handsOf(pair.a, 'jane in A'), { comments: 1, attachments: 0 });
    const { control } = pair.b.jira;
    await control.addFault({
      kind: 'performThenCut',
      match: { method: 'POST', user: 'admin', path: '/rest/api/2/issue$', count: 1 },
    });
    await control.addFault({
      kind: 'unavailable',
      match: { method: 'GET', user: 'admin', path: '/(issue/(TEST-)?[0-9]|search)' },
    });
    await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey });
    await waitFor('the answer to be lost', async () =>
      (await control.faults()).some(({ fault, hits }) => fault.kind === 'performThenCut' && hits > 0),
    );
    const fields = { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'Somebody else’s' };
    await Promise.all(Array.from({ length: 250 }, () => pair.b.rest('POST', '/issue', { fields })));
    await heal(pair);
    expectClean(await verdictOf(pair, load.expected));
  }, 60_000);
});

async function loseEveryFifth(seed: number): Promise<void> {
  for (const [index, { jira }] of [pair.a, pair.b].entries()) {
    await jira.control.setRandomSeed({ seed: seed + index * 1000 });
    await loseAnswers(jira.control, 0.2);
  }
}
