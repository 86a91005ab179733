/** A restored node whose partner knows more of an issue than one answer holds. Answers are small here, so that little is much. */
import { expect, it } from 'vitest';
import { backUp, putBack, startAgain } from '../../support/backup.ts';
import { usePair } from '../../support/pair.ts';
import { expectClean, quickNode, shortTimes, verdictOf } from '../../support/reliability.ts';

const small = { ...quickNode, sync: { ...shortTimes, message: { bytes: 1_500, entries: 3 } } };
const pair = usePair({ nodeA: small, nodeB: small });

it('takes over all of it, and makes nothing twice', async () => {
  const issues: string[] = [];
  for (const summary of ['first', 'second', 'third']) {
    const { json } = await pair.a.rest('POST', '/issue', {
      fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
    });
    issues.push((json as { key: string }).key);
  }
  const backup = await backUp(pair.b, small);
  const twins: string[] = [];
  for (const key of issues) {
    for (let n = 0; n < 7; n += 1)
      await pair.a.jira.control.addComment({ key, user: 'jane', body: `comment ${n} of ${key}` });
    for (let n = 0; n < 2; n += 1)
      await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: `${n}.bin`, bytes: 10 + n });
    twins.push(await pair.sync(key));
  }
  await pair.b.node.stop();
  await putBack(pair.b, backup);
  await startAgain(pair.b, small);
  expectClean(await verdictOf(pair));
  expect((await pair.b.jira.control.dump()).length).toBe(3);
  for (const key of twins) {
    const { comments, attachments } = await pair.b.issue(key);
    expect([comments.length, attachments.length]).toEqual([7, 2]);
  }
}, 60_000);
