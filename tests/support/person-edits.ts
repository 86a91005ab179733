/**
 * Looks for lost edits with Jira's own changelog: of all edits of a field that people made on either side, the latest must
 * be what both sides show (C4). Says nothing where two edits are too close to be ordered.
 */
import type { Twin } from '#/db/models.ts';
import { comparable } from '#/engine/replica/text.ts';
import type { Witness } from './oracle.ts';

interface Edit {
  atMs: number;
  text: string;
}

const fields = ['summary', 'description'] as const;
type Field = (typeof fields)[number];

interface History {
  edits: Record<Field, Edit[]>;
  shown: Record<Field, string>;
}

/** Edits this close may have been made on two clocks or within one millisecond. */
const tooCloseMs = 20;

export async function lostEdits(sides: readonly [Witness, Witness], twins: readonly Twin[]): Promise<string[]> {
  const lost: string[] = [];
  for (const twin of twins) {
    if (twin.endedAt !== null || twin.localIssueId === null || twin.remoteIssueId === null) continue;
    const histories = await Promise.all([history(sides[0], twin.localIssueId), history(sides[1], twin.remoteIssueId)]);
    for (const field of fields) {
      // What was edited before belonged to an earlier pair, whose other issue is not looked at here.
      const edits = histories
        .flatMap((one) => one?.edits[field] ?? [])
        .filter(({ atMs }) => atMs > twin.createdAt.getTime())
        .toSorted((x, y) => y.atMs - x.atMs);
      const [last, before] = edits;
      if (last === undefined || (before !== undefined && last.atMs - before.atMs < tooCloseMs)) continue;
      for (const one of histories) {
        if (one !== null && comparable(one.shown[field]) !== comparable(last.text)) {
          lost.push(
            `${twin.localIssueKey ?? ''}: the last edit of ${field}, ${JSON.stringify(last.text)}, gave way to ${JSON.stringify(one.shown[field])}`,
          );
        }
      }
    }
  }
  return lost;
}

interface ChangelogIssue {
  fields: { summary: string; description: string | null };
  changelog: {
    histories: { author?: { name: string }; created: string; items: { field: string; toString: string | null }[] }[];
  };
}

async function history({ jiraUrl, proxy = 'admin' }: Witness, issueId: string): Promise<History | null> {
  const response = await fetch(`${jiraUrl}/rest/api/2/issue/${issueId}?expand=changelog`, {
    headers: { authorization: `Basic ${Buffer.from('jane:jane').toString('base64')}` },
  });
  if (!response.ok) return null;
  const issue = (await response.json()) as ChangelogIssue;
  const editsOf = (field: Field): Edit[] =>
    issue.changelog.histories
      .filter(({ author }) => author?.name !== proxy)
      .flatMap(({ created, items }) =>
        items
          .filter((item) => item.field === field)
          .map((item) => ({ atMs: Date.parse(created), text: item['toString'] ?? '' })),
      );
  return {
    edits: { summary: editsOf('summary'), description: editsOf('description') },
    shown: { summary: issue.fields.summary, description: issue.fields.description ?? '' },
  };
}
