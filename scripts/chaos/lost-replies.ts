/** The scenario `lost-replies`: first syncs of many issues while every fifth write loses its answer, until all is done. */
import { exalateIssue } from '../../src/services/twin/exalate-issue.ts';
import { createLoad } from '../../tests/support/load.ts';
import { loseAnswers, lostAnswers } from '../../tests/support/lose-answers.ts';
import { seededRandom } from '../../tests/support/random.ts';
import type { ChaosOutcome } from './results.ts';
import { recovered, untilQuiet, verdictOf } from './verdict.ts';
import { connect, insist } from './world.ts';
import type { World } from './world.ts';

const share = 0.2;
const commentsEach = 7;
const attachmentsEach = 1;

export async function lostReplies(
  world: World,
  { seed, issues }: { seed: number; issues: number },
): Promise<ChaosOutcome> {
  const { a, b } = world;
  const random = seededRandom(seed);
  for (const company of [a, b]) company.start();
  const connected = await connect(world);
  const controls = [a, b].map(({ jira }) => jira.control);
  for (const [index, control] of controls.entries()) {
    await control.setRandomSeed({ seed: seed + index * 1_000_003 });
    await loseAnswers(control, share);
  }

  const load = createLoad(random);
  const began = performance.now();
  for (let n = 0; n < issues; n += 1) {
    const company = random.pick([a, b]);
    const size = { comments: commentsEach, attachments: attachmentsEach };
    const issueKey = await load.newIssue(company.hands('jane'), size);
    await insist(() =>
      exalateIssue(company.ctx, { connectionId: company === a ? connected.a : connected.b, issueKey }),
    );
  }
  const seconds = Math.round(((await untilQuiet(world, 600_000)) - began) / 1000);
  const { writes, lost } = await lostAnswers(controls);
  const verdict = await verdictOf(world, load.expected);
  return {
    verdict,
    operations: load.operations,
    issues,
    kills: {},
    faults: {},
    writes,
    lostReplies: lost,
    notes: [
      `in sync after ${seconds} s, answers being lost to the end`,
      `recognised after an unknown outcome: ${await recovered(world)} writes`,
    ],
  };
}
