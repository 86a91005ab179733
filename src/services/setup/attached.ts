import { createHash } from 'node:crypto';
import type { Db } from '#/db/client.ts';

/**
 * Names the Jira and the credentials that were stored on the set-up page or in General Settings; null while there are none.
 * Cheap: asked again and again by processes that take over what was changed.
 */
export async function attachmentId(db: Db): Promise<string | null> {
  const row = await db.node.findUnique({ where: { id: 1 }, select: { jiraUrl: true, jiraCredentials: true } });
  if (row === null || row.jiraUrl === null) return null;
  return createHash('sha256')
    .update(`${row.jiraUrl}\n${row.jiraCredentials ?? ''}`)
    .digest('hex');
}
