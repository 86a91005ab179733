import { describe, expect, it } from 'vitest';
import { issueBody, json, StubServer } from './stub-server.ts';
import type { Handler } from './stub-server.ts';

const project = { id: '10', key: 'A' };
const notFound = { errorMessages: ['Issue Does Not Exist'], errors: {} };

function serverInfo(version: string | null): Handler {
  return (request, response) => {
    if (!request.url.endsWith('/serverInfo')) return;
    if (version === null) json(response, 404, {});
    else json(response, 200, { baseUrl: 'http://x', version, versionNumbers: version.split('.').map(Number) });
  };
}

function routes(version: string | null, table: Record<string, Handler>): Handler {
  return (request, response) => {
    if (request.url.endsWith('/myself')) return;
    if (request.url.endsWith('/serverInfo')) return serverInfo(version)(request, response);
    const path = request.url.split('?')[0]?.replace('/jira/rest/', '') ?? '';
    const handler = table[path];
    return handler === undefined ? json(response, 404, notFound) : handler(request, response);
  };
}

const answer =
  (status: number, body: unknown): Handler =>
  (_request, response) =>
    json(response, status, body);

describe('comments of an issue', () => {
  it('are read page by page when the issue does not carry all of them', async () => {
    const all = Array.from({ length: 120 }, (_, i) => ({
      id: String(i),
      body: `c${i}`,
      created: '2026-08-11T10:00:00.000+0000',
    }));
    await using stub = await StubServer.start(
      routes('9.12.0', {
        'api/2/issue/A-1': answer(200, {
          ...issueBody,
          fields: { ...issueBody.fields, comment: { comments: all.slice(0, 5), total: 120 } },
        }),
        'api/2/issue/10001/comment': (request, response) => {
          const startAt = Number(new URL(request.url, 'http://x').searchParams.get('startAt'));
          json(response, 200, { startAt, total: 120, maxResults: 50, comments: all.slice(startAt, startAt + 50) });
        },
      }),
    );
    const issue = await stub.tracker().readIssue('A-1');
    expect(issue.comments.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(stub.calls).toHaveLength(4);
  });

  it('are read with the issue in one request when it carries them all', async () => {
    await using stub = await StubServer.start(routes('9.12.0', { 'api/2/issue/A-1': answer(200, issueBody) }));
    const issue = await stub.tracker().readIssue('A-1', { changelog: true });
    expect(issue).toMatchObject({
      id: '10001',
      comments: [],
      attachments: [],
      changes: [],
      parentId: null,
      description: null,
    });
    expect(issue.readAtMs).toEqual(expect.any(Number));
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]?.url).toContain('expand=changelog');
    expect(stub.calls[0]?.url).toContain('updateHistory=false');
  });

  it('keep their restriction when edited, and are done when already deleted', async () => {
    const comment = {
      id: '5',
      body: 'b',
      created: '2026-08-11T10:00:00.000+0000',
      visibility: { type: 'role', value: 'Admins' },
    };
    await using stub = await StubServer.start(
      routes('9.12.0', {
        'api/2/issue/A-1/comment/5': (request, response) =>
          json(response, request.method === 'DELETE' ? 404 : 200, comment),
      }),
    );
    const jira = stub.tracker();
    const edited = await jira.editComment('A-1', '5', { body: 'new', visibility: comment.visibility });
    expect(edited.visibility).toEqual(comment.visibility);
    await jira.editComment('A-1', '5', { body: 'new', visibility: null });
    expect(stub.calls.map(({ body }) => JSON.parse(body))).toEqual([
      { body: 'new', visibility: comment.visibility },
      { body: 'new' },
    ]);
    await expect(jira.deleteComment('A-1', '5')).resolves.toBeUndefined();
    await expect(jira.deleteAttachment('77')).resolves.toBeUndefined();
  });
});

describe('an issue property', () => {
  it('is undefined when unset, but not for an issue that is not there', async () => {
    await using stub = await StubServer.start(
      routes('9.12.0', {
        'api/2/issue/A-1': answer(200, issueBody),
        'api/2/issue/A-1/properties/sync.twin': answer(200, { key: 'sync.twin', value: { remote: 1 } }),
      }),
    );
    const jira = stub.tracker();
    await expect(jira.issueProperty('A-1', 'sync.twin')).resolves.toEqual({ remote: 1 });
    await expect(jira.issueProperty('A-1', 'other')).resolves.toBeUndefined();
    await expect(jira.issueProperty('A-2', 'sync.twin')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what can be created', () => {
  const bug = { id: '1', name: 'Bug', subtask: false };
  const newTypes = { 'api/2/issue/createmeta/A/issuetypes': answer(200, { values: [bug], total: 1, isLast: true }) };
  const oldTypes = {
    'api/2/issue/createmeta': answer(200, {
      projects: [
        {
          id: '10',
          key: 'A',
          issuetypes: [
            {
              ...bug,
              fields: { customfield_1: { name: 'Epic Name', required: true, schema: { custom: 'gh-epic-label' } } },
            },
          ],
        },
      ],
    }),
  };

  it.each([
    ['7.13.0', oldTypes],
    ['8.4.0', newTypes],
    ['10.4.0', newTypes],
    [null, newTypes],
    [null, oldTypes],
  ])('is found in version %s', async (version, table) => {
    await using stub = await StubServer.start(routes(version, table));
    await expect(stub.tracker().creatableIssueTypes(project)).resolves.toEqual([bug]);
  });

  it('is asked once in five minutes, until the caches are forgotten', async () => {
    await using stub = await StubServer.start(routes('10.4.0', newTypes));
    const jira = stub.tracker();
    await Promise.all([jira.creatableIssueTypes(project), jira.creatableIssueTypes(project)]);
    expect(stub.calls).toHaveLength(2);
    jira.forgetCaches();
    await jira.creatableIssueTypes(project);
    expect(stub.calls).toHaveLength(4);
  });

  it.each([
    ['10.4.0', { 'api/2/issue/createmeta/A/issuetypes': answer(400, { errorMessages: ['no'] }) }],
    ['10.4.0', { 'api/2/issue/createmeta/A/issuetypes': answer(200, { values: [], total: 0 }) }],
    ['7.13.0', { 'api/2/issue/createmeta': answer(200, { projects: [] }) }],
  ])('is forbidden in a project that is not for us (%s)', async (version, table) => {
    await using stub = await StubServer.start(routes(version, table));
    await expect(stub.tracker().creatableIssueTypes(project)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('fields come from both forms alike, all pages', async () => {
    const fields = Array.from({ length: 130 }, (_, i) => ({
      fieldId: `customfield_${i}`,
      name: `F${i}`,
      required: false,
      hasDefaultValue: false,
    }));
    await using stub = await StubServer.start(
      routes('9.12.0', {
        'api/2/issue/createmeta/A/issuetypes/1': (request, response) => {
          const startAt = Number(new URL(request.url, 'http://x').searchParams.get('startAt'));
          json(response, 200, { total: 130, values: fields.slice(startAt, startAt + 50) });
        },
      }),
    );
    await expect(stub.tracker().createFields(project, '1')).resolves.toHaveLength(130);
    await using old = await StubServer.start(routes('7.13.0', oldTypes));
    await expect(old.tracker().createFields(project, '1')).resolves.toEqual([
      { fieldId: 'customfield_1', name: 'Epic Name', required: true, hasDefaultValue: false, custom: 'gh-epic-label' },
    ]);
  });
});

describe('the default issue type', () => {
  const bug = { id: '1', name: 'Bug', subtask: false };
  const schemes = (more: object) => ({
    'api/2/issuetypescheme': answer(200, {
      schemes: [
        { id: '1', name: 'other', issueTypes: [] },
        { id: '2', name: 'ours', issueTypes: [bug], ...more },
      ],
    }),
    'api/2/issuetypescheme/1/associations': answer(200, [{ id: '99', key: 'Z' }]),
    'api/2/issuetypescheme/2/associations': answer(200, [{ id: '10', key: 'A' }]),
  });

  it('is that of the scheme which has the project', async () => {
    await using stub = await StubServer.start(routes('9.12.0', schemes({ defaultIssueType: bug })));
    await expect(stub.tracker().defaultIssueType(project)).resolves.toEqual({ kind: 'known', issueType: bug });
    await using none = await StubServer.start(routes('9.12.0', schemes({ defaultIssueType: null })));
    await expect(none.tracker().defaultIssueType(project)).resolves.toEqual({ kind: 'none' });
  });

  it.each([401, 403, 404])(
    '%i means that only administrators may know, not that the password is wrong',
    async (status) => {
      await using stub = await StubServer.start((request, response) => {
        if (request.url.includes('/issuetypescheme'))
          response.writeHead(status, { 'content-type': 'application/json' }).end('{"errorMessages":["no"]}');
        else if (request.url.endsWith('/project')) json(response, 200, []);
      });
      const jira = stub.tracker();
      await expect(jira.defaultIssueType(project)).resolves.toEqual({ kind: 'forbidden' });
      await expect(jira.projects()).resolves.toEqual([]);
    },
  );

  it('401 from a revoked token is not taken for "forbidden"', async () => {
    let revoked = false;
    await using stub = await StubServer.start((request, response) => {
      if (request.url.endsWith('/project')) json(response, 200, []);
      else if (revoked) response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
    });
    const jira = stub.tracker({ credentials: { kind: 'token', token: 't' } });
    await jira.projects();
    revoked = true;
    await expect(jira.defaultIssueType(project)).rejects.toMatchObject({ code: 'credentials_refused' });
  });
});

describe('searching', () => {
  it('tells the page that Jira gave, whatever was asked for', async () => {
    const hit = { id: 1, key: 'A-1', fields: { updated: '2026-08-11T10:00:00.000+0200', created: null } };
    await using stub = await StubServer.start(
      routes('11.3.0', {
        'api/2/search': answer(200, {
          startAt: 40,
          maxResults: 1,
          total: 90,
          maxResultWindow: 10000,
          issues: [hit],
          names: null,
        }),
      }),
    );
    const page = await stub.tracker().search({ jql: 'project = A', startAt: 50, maxResults: 5000 });
    const updatedMs = Date.parse('2026-08-11T08:00:00Z');
    expect(page).toMatchObject({
      startAt: 40,
      total: 90,
      hits: [{ id: '1', key: 'A-1', updatedMs, createdMs: updatedMs }],
    });
    expect(JSON.parse(stub.calls[0]?.body ?? '')).toEqual({
      jql: 'project = A',
      startAt: 50,
      maxResults: 5000,
      fields: ['updated', 'created'],
      validateQuery: true,
    });
  });

  it('brings the summaries along when asked to', async () => {
    const fields = { updated: '2026-08-11T10:00:00.000+0000', summary: 'text' };
    await using stub = await StubServer.start(
      routes('9.12.0', { 'api/2/search': answer(200, { total: 1, issues: [{ id: '1', key: 'A-1', fields }] }) }),
    );
    const page = await stub.tracker().search({ jql: 'x', startAt: 0, maxResults: 1, withSummary: true });
    expect(page.hits[0]?.summary).toBe('text');
    expect(stub.calls[0]?.body).toContain('"summary"');
  });
});

describe('webhooks', () => {
  const old = { name: 'h', url: 'https://x/y', enabled: true, self: 'http://h/rest/webhooks/1.0/webhook/42' };
  const recent = { id: 43, name: 'h', url: 'https://x/y', active: false, events: [], configuration: {} };

  it.each([
    ['9.12.0', 'webhooks/1.0/webhook', [old], { id: '42', enabled: true }],
    ['10.4.0', 'jira-webhook/1.0/webhooks', [recent], { id: '43', enabled: false }],
    ['10.4.0', 'webhooks/1.0/webhook', [old], { id: '42', enabled: true }],
    [null, 'jira-webhook/1.0/webhooks', [recent], { id: '43', enabled: false }],
  ])('of version %s are found at %s', async (version, path, body, expected) => {
    await using stub = await StubServer.start(routes(version, { [`${path}`]: answer(200, body) }));
    await expect(stub.tracker().webhooks()).resolves.toMatchObject([expected]);
  });

  it('are registered for the issues of the query and removed by their id', async () => {
    await using stub = await StubServer.start(
      routes('9.12.0', {
        'webhooks/1.0/webhook': answer(201, old),
        'webhooks/1.0/webhook/42': (_request, response) => void response.writeHead(204).end(),
      }),
    );
    const jira = stub.tracker();
    const hook = await jira.registerWebhook({ name: 'h', url: 'https://x/y', jql: 'project = A' });
    expect(JSON.parse(stub.calls.at(-1)?.body ?? '')).toMatchObject({
      events: expect.arrayContaining(['jira:issue_deleted', 'comment_updated']),
      filters: { 'issue-related-events-section': 'project = A' },
    });
    await jira.removeWebhook(hook.id);
    await jira.removeWebhook('gone');
  });

  it.each([401, 403])('%i is forbidden, and the credentials go on being used', async (status) => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('webhook')) json(response, status, {});
      else if (request.url.endsWith('/serverInfo')) json(response, 200, { version: '9.12.0' });
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker();
    await expect(jira.registerWebhook({ name: 'h', url: 'u', jql: '' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(jira.projects()).resolves.toEqual([]);
  });
});
