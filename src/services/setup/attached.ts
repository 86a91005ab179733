import type { Db } from '#/db/client.ts';

/** Whether a Jira was stored on the set-up page. Cheap: asked again and again while a process waits for it. */
export async function isAttached(db: Db): Promise<boolean> {
  const row = await db.node.findUnique({ where: { id: 1 }, select: { jiraUrl: true } });
  return row !== null && row.jiraUrl !== null;
}
