/** What the bare loop can be asked to do; in a process of its own, as the nodes are. */
import { BareJira } from './jira.ts';

interface Jiras {
  sourceUrl: string;
  targetUrl: string;
}

export type BareJob = Jiras &
  (
    | {
        kind: 'initial';
        issueIds: readonly string[];
        projectId: string;
        issueTypeId: string;
        parallelism: number;
      }
    | { kind: 'live'; edits: readonly BareEdit[] }
    | { kind: 'file'; sourceIssueId: string; targetIssueId: string }
  );

export interface BareEdit {
  sourceIssueId: string;
  targetIssueId: string;
  text: string;
  comment: boolean;
}

/** Runs a job; gives the seconds that it took. */
export async function runBareJob(job: BareJob): Promise<number> {
  const source = new BareJira(job.sourceUrl, 'admin');
  const target = new BareJira(job.targetUrl, 'admin');
  const started = performance.now();
  switch (job.kind) {
    case 'initial':
      await inParallel(job.issueIds, job.parallelism, async (id) => {
        const issue = await source.readIssue(id, false);
        const { summary, comment, attachment } = issue.fields;
        const copy = await target.createIssue(job.projectId, job.issueTypeId, summary);
        for (const { body } of comment.comments) await target.addComment(copy, `*Alice Admin:*\n${body}`);
        for (const file of attachment) await source.copyFile(file, target, copy);
        await target.readIssue(copy, true);
      });
      break;
    case 'live':
      for (const edit of job.edits) await carryOver(job, target, edit);
      break;
    case 'file':
      for (const file of (await source.readIssue(job.sourceIssueId, false)).fields.attachment) {
        await source.copyFile(file, target, job.targetIssueId);
      }
      break;
  }
  return (performance.now() - started) / 1000;
}

/** A person edits, and whoever knew at once would read the issue and write the change to the other Jira. */
async function carryOver(job: Jiras, target: BareJira, edit: BareEdit): Promise<void> {
  const source = new BareJira(job.sourceUrl, 'admin');
  const person = new BareJira(job.sourceUrl, 'jane');
  if (edit.comment) await person.addComment(edit.sourceIssueId, edit.text);
  else await person.editSummary(edit.sourceIssueId, edit.text);
  await source.readIssue(edit.sourceIssueId, true);
  if (edit.comment) await target.addComment(edit.targetIssueId, `*Jane Doe:*\n${edit.text}`);
  else {
    await target.readIssue(edit.targetIssueId, true);
    await target.editSummary(edit.targetIssueId, edit.text);
  }
}

async function inParallel<Item>(
  items: readonly Item[],
  parallelism: number,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await run(item);
  };
  await Promise.all(Array.from({ length: parallelism }, lane));
}
