import { describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { backUp, putBack, startAgain } from '../../support/backup.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function issueIn(company: Company, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary, description: 'As it began' },
  });
  return (json as { key: string }).key;
}

async function syncFrom(company: Company, key: string): Promise<string> {
  const started = await exalateIssue(company.ctx, { connectionId: company.connectionId, issueKey: key });
  if (started.kind !== 'started') throw new Error(started.kind);
  const twin = await waitFor(`${key} to be synchronized`, async () => {
    const row = await company.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
    return row.status === 'synchronized' ? row : null;
  });
  await pair.quiet();
  return twin.remoteIssueKey ?? '';
}

async function restore(company: Company, backup: string, meanwhile: () => Promise<void>): Promise<void> {
  await company.node.stop();
  await meanwhile();
  await putBack(company, backup);
  await startAgain(company);
}

const shown = async (company: Company, key: string) => {
  const { summary, description, comments, attachments } = await company.issue(key);
  return {
    summary,
    description,
    comments: comments.map(({ body }) => body.replace(/^\*[^\n]*:\*\n/, '')).toSorted(),
    files: attachments.map(({ filename }) => filename).toSorted(),
  };
};

// The restored node is once the side that began the connection, once the other.
describe.each(['b', 'a'] as const)('a node (%s) whose database was restored from an older backup', (side) => {
  it('takes over what it lost: nothing twice, nothing lost, nothing overwritten by an older value', async () => {
    const own = side === 'b' ? pair.b : pair.a;
    const other = side === 'b' ? pair.a : pair.b;
    const otherKey = await issueIn(other, 'Known at the backup');
    const ownKey = await syncFrom(other, otherKey);
    await other.rest('POST', `/issue/${otherKey}/comment`, { body: 'before' });
    const { json } = await own.rest('POST', `/issue/${ownKey}/comment`, { body: 'deleted later' });
    await pair.quiet();
    const endedOther = await issueIn(other, 'Taken out after the backup');
    const endedOwn = await syncFrom(other, endedOther);
    await waitFor('the comments', async () => (await own.issue(ownKey)).comments.length === 2);
    await pair.quiet();

    const backup = await backUp(own);

    // Changes that were synced after the backup.
    await other.rest('PUT', `/issue/${otherKey}`, { fields: { summary: 'Second summary' } });
    await waitFor('the summary', async () => (await own.issue(ownKey)).summary === 'Second summary');
    await own.rest('PUT', `/issue/${ownKey}`, { fields: { description: 'Second description' } });
    await other.rest('POST', `/issue/${otherKey}/comment`, { body: 'after, from the other side' });
    await own.rest('POST', `/issue/${ownKey}/comment`, { body: 'after, from the own side' });
    await own.rest('DELETE', `/issue/${ownKey}/comment/${(json as { id: string }).id}`);
    await other.jira.control.createAttachment({ key: otherKey, user: 'jane', filename: 'from other.bin', bytes: 500 });
    await own.jira.control.createAttachment({ key: ownKey, user: 'jane', filename: 'from own.bin', bytes: 600 });
    const newOther = await issueIn(other, 'New after the backup, there');
    const newOtherTwin = await syncFrom(other, newOther);
    const newOwn = await issueIn(own, 'New after the backup, here');
    const newOwnTwin = await syncFrom(own, newOwn);
    await own.rest('POST', `/issue/${newOwn}/comment`, { body: 'on the new one' });
    const ended = await other.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: endedOther } });
    await unexalateIssue(other.ctx, { twinId: ended.id });
    await waitFor('all of it', async () => {
      const [a, b] = [await shown(own, ownKey), await shown(other, otherKey)];
      const commented = (await other.issue(newOwnTwin)).comments.length === 1;
      return commented && a.files.length === 2 && b.comments.length === 3 && JSON.stringify(a) === JSON.stringify(b);
    });
    await pair.quiet();
    const before = { own: await own.jira.control.dump(), other: await other.jira.control.dump() };

    await restore(own, backup, async () => {
      // While it is away both sides go on; the later edit is the one of the other side.
      await own.rest('PUT', `/issue/${ownKey}`, { fields: { summary: 'Older edit, own side' } });
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await other.rest('PUT', `/issue/${otherKey}`, { fields: { summary: 'Newest summary' } });
    });

    await waitFor(
      'both sides to show the newest summary',
      async () =>
        (await own.issue(ownKey)).summary === 'Newest summary' &&
        (await other.issue(otherKey)).summary === 'Newest summary',
    );
    await pair.quiet();
    for (const [a, b] of [
      [ownKey, otherKey],
      [newOwn, newOwnTwin],
      [newOtherTwin, newOther],
    ] as const)
      expect(await shown(own, a)).toEqual(await shown(other, b));
    expect(await shown(own, ownKey)).toEqual({
      summary: 'Newest summary',
      description: 'Second description',
      comments: ['after, from the other side', 'after, from the own side', 'before'],
      files: ['from other.bin', 'from own.bin'],
    });
    expect((await own.jira.control.dump()).length).toBe(before.own.length);
    expect((await other.jira.control.dump()).length).toBe(before.other.length);
    // And everything goes on: what began after the backup is under sync, what ended is not.
    await other.rest('PUT', `/issue/${newOwnTwin}`, { fields: { summary: 'still followed' } });
    await other.rest('PUT', `/issue/${endedOther}`, { fields: { summary: 'no longer followed' } });
    await waitFor('the edit', async () => (await own.issue(newOwn)).summary === 'still followed');
    await pair.quiet();
    expect((await own.issue(endedOwn)).summary).toBe('Taken out after the backup');
    expect(await own.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
    expect(await other.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
  });
});
