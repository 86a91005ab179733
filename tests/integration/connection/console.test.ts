import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleFields } from '#/engine/rules/basic-rules.ts';
import { deleteConnection } from '#/services/connection/delete-connection.ts';
import { getConnection } from '#/services/connection/get-connection.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { listIncomingProjects } from '#/services/connection/list-incoming-projects.ts';
import { lookUpDestination } from '#/services/connection/look-up-destination.ts';
import { renameConnection } from '#/services/connection/rename-connection.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { connect } from './support/connect.ts';
import { startTestNode, type TestNode } from './support/test-node.ts';

let a: TestNode;
let b: TestNode;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
});
afterAll(async () => {
  await Promise.all([a, b].map((node) => node.stop()));
});

const initiateLocal = (changes: Partial<Parameters<typeof initiateConnection>[1]> = {}) =>
  initiateConnection(a.admin, {
    draftId: randomUUID(),
    destinationUrl: a.jira.url,
    mode: 'BASIC',
    projectId: a.projects.first,
    secondProjectId: a.projects.second,
    ...changes,
  });

async function withServer<T>(listener: RequestListener, run: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('projects for incoming issues', () => {
  it('are those where the proxy user may create, asked at most once a minute', async () => {
    const keys = (await listIncomingProjects(a.admin)).map(({ key }) => key);
    expect(keys).toEqual(['ONE', 'TWO']);
    await expect(listIncomingProjects(a.ctx)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('destination', () => {
  it('is found by the Exalate URL, also of one of its pages', async () => {
    for (const url of [b.ctx.node.exalateUrl, `${b.ctx.node.exalateUrl}/connections?tab=1`])
      expect(await lookUpDestination(a.admin, { url })).toMatchObject({
        kind: 'node',
        info: { name: 'Beta', issueTrackerUrl: b.jira.url, issueTrackerVersion: '9.12.0' },
        modes: [
          { mode: 'BASIC', available: true, reason: null },
          { mode: 'VISUAL', available: false },
          { mode: 'SCRIPT', available: false },
        ],
      });
  });

  it('is this node itself by its Exalate URL, its Jira URL or a page of either', async () => {
    for (const url of [a.ctx.node.exalateUrl, a.jira.url, `${a.jira.url}/browse/ONE-1`, ` ${a.jira.url}/ `])
      expect(await lookUpDestination(a.admin, { url })).toMatchObject({ kind: 'own' });
  });

  it('is a Jira without node, by name and version, until that Jira belongs to a known partner', async () => {
    expect(await lookUpDestination(a.admin, { url: `${b.jira.url}/secure/Dashboard.jspa` })).toEqual({
      kind: 'jira_without_node',
      title: 'Jira of Beta',
      version: '9.12.0',
    });
    await expect(
      initiateConnection(a.admin, {
        draftId: randomUUID(),
        destinationUrl: b.jira.url,
        mode: 'BASIC',
        projectId: a.projects.first,
      }),
    ).rejects.toMatchObject({
      code: 'partner_refused',
      field: 'destinationUrl',
      summary: expect.stringContaining('Jira of Beta'),
    });
    const { initiator } = await connect(a, b);
    expect(await lookUpDestination(a.admin, { url: b.jira.url })).toMatchObject({
      kind: 'node',
      info: { name: 'Beta' },
    });
    await deleteConnection(a.admin, { id: initiator });
  });

  it('is found by the well-known path on the host of its Jira', async () => {
    const info = await a.ctx.peer.info(b.ctx.node.exalateUrl);
    await withServer(
      (request, response) => {
        const known = request.url === '/.well-known/exalate';
        response.writeHead(known ? 200 : 404, { 'content-type': known ? 'application/json' : 'text/html' });
        response.end(known ? JSON.stringify(info) : '<html>');
      },
      async (url) =>
        expect(await lookUpDestination(a.admin, { url })).toMatchObject({ kind: 'node', info: { name: 'Beta' } }),
    );
  });

  it('is refused with its own text for each other thing that may be there', async () => {
    const problem = (url: string) =>
      lookUpDestination(a.admin, { url }).then(
        () => null,
        (error: { field: string; summary: string }) => error,
      );
    const html: RequestListener = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<form>Log in</form>');
    const elsewhere: RequestListener = (_request, response) =>
      void response.writeHead(302, { location: 'https://login.example/' }).end();
    const info = await a.ctx.peer.info(b.ctx.node.exalateUrl);
    const newer: RequestListener = (_request, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...info, protocol: { min: 5, max: 6 } }));
    const texts = [
      await problem(''),
      await problem('not a url'),
      await problem('http://example.com'),
      await problem('https://admin:secret@example.com'),
      await problem('https://nowhere.invalid'),
      await problem('http://127.0.0.1:1'),
      await withServer(html, (url) => problem(url.replace('http:', 'https:'))),
      await withServer(html, problem),
      await withServer(elsewhere, problem),
      await withServer(newer, problem),
    ];
    expect(texts.map((text) => text?.field)).toEqual(texts.map(() => 'destinationUrl'));
    expect(texts.map((text) => text?.summary)).toEqual([
      'Enter the address of the destination.',
      'This is not an address.',
      'This address must begin with https://.',
      'The address must not contain a user name or password.',
      'There is no host of this name.',
      'Nothing accepts connections at this address.',
      'This address does not speak https.',
      'No Exalate node answers at this address.',
      'No Exalate node answers at this address.',
      'Beta runs a newer version.',
    ]);
  });

  it('can be given up while it is looked up', async () => {
    const controller = new AbortController();
    await withServer(
      () => controller.abort(),
      async (url) =>
        expect(lookUpDestination(a.admin, { url, signal: controller.signal })).rejects.toMatchObject({
          code: 'partner_unreachable',
        }),
    );
  });
});

describe('initiating', () => {
  it('makes one connection for one draft, however often it is sent', async () => {
    const input = { draftId: randomUUID(), destinationUrl: null, mode: 'BASIC' as const, projectId: a.projects.first };
    const results = await Promise.all([1, 2, 3, 4].map(() => initiateConnection(a.admin, input)));
    expect(results).toEqual(results.map(() => ({ connectionId: input.draftId, status: 'pending' })));
    expect(await a.ctx.db.invitation.count({ where: { connectionId: input.draftId } })).toBe(1);
    await deleteConnection(a.admin, { id: input.draftId });
  });

  it('gives every connection a name of its own', async () => {
    const drafts = Array.from({ length: 4 }, () => randomUUID());
    await Promise.all(drafts.map((draftId) => initiateLocal({ draftId })));
    const names = (await listConnections(a.admin)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['ONE to TWO', 'ONE to TWO (2)', 'ONE to TWO (3)', 'ONE to TWO (4)']);
    for (const id of drafts) await deleteConnection(a.admin, { id });
  });

  it('of a local connection makes both ends active at once, shown as one row', async () => {
    const { connectionId, status } = await initiateLocal();
    expect(status).toBe('active');
    const rows = await a.ctx.db.connection.findMany();
    expect(
      rows
        .map(({ side, status: end, projectKey, partnerProjectKey }) => ({ side, end, projectKey, partnerProjectKey }))
        .toSorted((x, y) => (x.side < y.side ? 1 : -1)),
    ).toEqual([
      { side: 'initiator', end: 'active', projectKey: 'ONE', partnerProjectKey: 'TWO' },
      { side: 'acceptor', end: 'active', projectKey: 'TWO', partnerProjectKey: 'ONE' },
    ]);
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(1);
    expect(await listConnections(a.admin)).toMatchObject([
      {
        id: connectionId,
        type: 'local',
        status: 'active',
        underSync: 0,
        lastSync: null,
        project: { key: 'ONE' },
        partnerProject: { key: 'TWO' },
      },
    ]);
    await setConnectionActive(a.admin, { id: connectionId, active: false });
    expect((await a.ctx.db.connection.findMany()).map((end) => end.status)).toEqual(['deactivated', 'deactivated']);
    await deleteConnection(a.admin, { id: connectionId });
    expect(await a.ctx.db.connection.count()).toBe(0);
  });

  it('refuses wrong input at its field and leaves nothing behind', async () => {
    await expect(initiateLocal({ secondProjectId: a.projects.first })).rejects.toMatchObject({
      field: 'secondProjectId',
    });
    await expect(initiateLocal({ projectId: a.projects.closed })).rejects.toMatchObject({ field: 'projectId' });
    await expect(initiateLocal({ projectId: '' })).rejects.toMatchObject({
      field: 'projectId',
      summary: 'Select a project.',
    });
    await expect(initiateLocal({ mode: 'SCRIPT' })).rejects.toMatchObject({ code: 'rules_are_fixed' });
    await expect(
      initiateConnection(a.ctx, {
        draftId: randomUUID(),
        destinationUrl: null,
        mode: 'BASIC',
        projectId: a.projects.first,
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(await a.ctx.db.connection.count()).toBe(0);
  });
});

describe('a connection', () => {
  it('is listed with partner, counts and dates, and shown without its keys', async () => {
    const { initiator } = await connect(a, b);
    const twin = (endedAt: Date | null) => ({
      id: randomUUID(),
      uid: randomUUID(),
      connectionId: initiator,
      exalatedBy: 'x',
      endedAt,
    });
    await a.ctx.db.twin.createMany({ data: [twin(null), twin(null), twin(new Date())] });
    const at = new Date('2026-11-22T11:00:00Z');
    await a.ctx.db.connection.update({ where: { id: initiator }, data: { lastSyncInAt: at } });
    expect(await listConnections(a.admin)).toMatchObject([
      {
        id: initiator,
        name: 'Alpha to Beta',
        partner: { name: 'Beta', url: b.jira.url },
        type: 'public',
        mode: 'BASIC',
        status: 'active',
        underSync: 2,
        lastSync: at,
        invitation: null,
      },
    ]);
    const shown = await getConnection(a.admin, { id: initiator });
    expect(shown.nodes).toMatchObject({ own: { name: 'Alpha' }, partner: { name: 'Beta' } });
    expect(shown.rules.outgoing.map(({ field }) => field)).toEqual([...ruleFields]);
    const { channelKey } = await a.ctx.db.connection.findUniqueOrThrow({ where: { id: initiator } });
    expect(JSON.stringify(shown)).not.toContain(channelKey);
    await deleteConnection(a.admin, { id: initiator });
  });

  it('can be renamed, but not to a name that is taken', async () => {
    const first = await initiateLocal();
    const second = await initiateLocal();
    await renameConnection(a.admin, { id: first.connectionId, name: '  Support  ', description: 'of printers' });
    expect(await getConnection(a.admin, { id: first.connectionId })).toMatchObject({
      name: 'Support',
      description: 'of printers',
    });
    await renameConnection(a.admin, { id: first.connectionId, name: 'SUPPORT' });
    await expect(renameConnection(a.admin, { id: second.connectionId, name: 'support' })).rejects.toMatchObject({
      code: 'conflict',
      field: 'name',
    });
    for (const { connectionId } of [first, second]) await deleteConnection(a.admin, { id: connectionId });
    await expect(renameConnection(a.admin, { id: second.connectionId, name: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('cannot be activated or deactivated while it is pending', async () => {
    const { connectionId } = await initiateConnection(a.admin, {
      draftId: randomUUID(),
      destinationUrl: null,
      mode: 'BASIC',
      projectId: a.projects.first,
    });
    for (const active of [true, false])
      await expect(setConnectionActive(a.admin, { id: connectionId, active })).rejects.toMatchObject({
        code: 'conflict',
      });
    await deleteConnection(a.admin, { id: connectionId });
  });

  it('keeps its rules and mode: the database refuses to change them', async () => {
    const { connectionId: id } = await initiateLocal();
    await expect(a.ctx.db.connection.update({ where: { id }, data: { rules: {} } })).rejects.toThrow(/rules_are_fixed/);
    await expect(a.ctx.db.connection.update({ where: { id }, data: { mode: 'SCRIPT' } })).rejects.toThrow(
      /rules_are_fixed/,
    );
    await expect(
      a.ctx.db.$executeRaw`UPDATE connection SET rules = rules || '{"x":1}' WHERE id = ${id}::uuid`,
    ).rejects.toThrow(/rules_are_fixed/);
    await a.ctx.db.$executeRaw`UPDATE connection SET name = 'still works', rules = rules WHERE id = ${id}::uuid`;
    await deleteConnection(a.admin, { id });
  });

  it('leaves an audit row for everything that an admin does to it', async () => {
    const { connectionId: id } = await initiateLocal();
    await renameConnection(a.admin, { id, name: 'Audited' });
    await setConnectionActive(a.admin, { id, active: false });
    await setConnectionActive(a.admin, { id, active: false });
    await setConnectionActive(a.admin, { id, active: true });
    await deleteConnection(a.admin, { id });
    const entries = await a.ctx.db.auditEntry.findMany({ where: { target: id }, orderBy: { id: 'asc' } });
    expect(entries.map(({ actor, verb }) => `${actor} ${verb}`)).toEqual([
      'admin connection.initiate',
      'admin connection.rename',
      'admin connection.deactivate',
      'admin connection.activate',
      'admin connection.delete',
    ]);
  });
});

describe('a private node', () => {
  it('accepts invitations of a public one, and cannot invite', async () => {
    const hidden = await startTestNode('Hidden', { pollOnly: true });
    try {
      const { initiator, acceptor } = await connect(a, hidden);
      expect(await a.ctx.db.connection.findUniqueOrThrow({ where: { id: initiator } })).toMatchObject({
        type: 'private',
        partnerPollOnly: true,
        status: 'active',
      });
      expect(await hidden.ctx.db.connection.findUniqueOrThrow({ where: { id: acceptor } })).toMatchObject({
        type: 'private',
        partnerPollOnly: false,
      });
      expect(await setConnectionActive(a.admin, { id: initiator, active: false })).toEqual({ partnerTold: false });
      expect(await setConnectionActive(hidden.admin, { id: acceptor, active: false })).toEqual({ partnerTold: true });
      await expect(
        initiateConnection(hidden.admin, {
          draftId: randomUUID(),
          destinationUrl: null,
          mode: 'BASIC',
          projectId: hidden.projects.first,
        }),
      ).rejects.toMatchObject({ code: 'conflict', summary: 'A private node cannot invite.' });
      await deleteConnection(a.admin, { id: initiator });
    } finally {
      await hidden.stop();
    }
  });
});
