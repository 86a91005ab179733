import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '#/services/audit/list-audit.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { renameConnection } from '#/services/connection/rename-connection.ts';
import { auditCsv, connectionsCsv } from '#/services/export/list-csv.ts';
import { projectChecks } from '#/services/settings/project-checks.ts';
import { repairWebhook } from '#/services/settings/repair-webhook.ts';
import { startTestNode, type TestNode } from '../connection/support/test-node.ts';

let node: TestNode;
let connectionId = '';
beforeAll(async () => {
  node = await startTestNode('Alpha');
  const { instanceUid, exalateUrl } = node.ctx.node;
  await node.ctx.db.node.create({ data: { instanceUid, exalateUrl } });
  const made = await initiateConnection(node.admin, {
    draftId: randomUUID(),
    destinationUrl: node.jira.url,
    mode: 'BASIC',
    projectId: node.projects.first,
    secondProjectId: node.projects.second,
  });
  connectionId = made.connectionId;
});
afterAll(() => node.stop());

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('permissions of the proxy user', () => {
  it('are checked for each project that a connection uses, and for nobody but admins', async () => {
    const checked = await projectChecks(node.admin);
    expect(checked.map(({ project }) => project.key)).toEqual(['ONE', 'TWO']);
    for (const { checks } of checked) expect(checks.length).toBeGreaterThan(8);
    await expect(projectChecks(node.ctx)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the webhook', () => {
  it('is registered when an admin asks for it, once however often', async () => {
    expect(await repairWebhook(node.admin)).toEqual({ state: 'registered' });
    await repairWebhook(node.admin);
    expect(await node.ctx.jira().webhooks()).toHaveLength(1);
    await expect(repairWebhook(node.ctx)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the audit log', () => {
  it('is read page by page, without a gap and without one twice', async () => {
    for (let i = 0; i < 60; i += 1)
      await renameConnection(node.admin, { id: connectionId, name: `Name ${i}`, description: '' });
    const all = await node.ctx.db.auditEntry.count();
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { rows, nextCursor }: Awaited<ReturnType<typeof listAudit>> = await listAudit(node.admin, { cursor });
      ids.push(...rows.map(({ id }) => id));
      cursor = nextCursor;
    }
    expect(ids).toHaveLength(all);
    expect(new Set(ids).size).toBe(all);
    const [newest] = (await listAudit(node.admin, {})).rows;
    expect(newest).toMatchObject({ what: 'Changed name or description of a connection', target: 'Name 59' });
    expect((await listAudit(node.admin, { actor: 'nobody', cursor: 'x; DROP' })).rows).toEqual([]);
    await expect(listAudit(node.ctx, {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('and lists come as CSV, in which nothing is a formula', async () => {
    await renameConnection(node.admin, { id: connectionId, name: '=HYPERLINK("x";1)', description: '' });
    const { filename, chunks } = await connectionsCsv(node.admin);
    expect(filename).toMatch(/^connections-.*\.csv$/);
    expect(await textOf(chunks)).toContain(`"'=HYPERLINK(""x"";1)"`);
    const lines = (await textOf((await auditCsv(node.admin, { actor: '' })).chunks)).trim().split('\r\n');
    expect(lines).toHaveLength(1 + (await node.ctx.db.auditEntry.count()));
  });
});
