import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IssueTracker, TrackerProject } from '#/engine/ports.ts';
import { jqlMinute } from '#/engine/jql.ts';
import { createJira, verifyCredentials } from '#/jira/index.ts';
import type { JiraCredentials, JiraOptions } from '#/jira/index.ts';
import { startSimulator } from '../../../simulator/index.ts';
import type { Fault, Simulator } from '../../../simulator/index.ts';

const admin: JiraCredentials = { kind: 'basic', username: 'admin', password: 'admin' };

describe.each([
  { version: '7.13.0', contextPath: '' },
  { version: '8.5.0', contextPath: '/jira' },
  { version: '8.20.0', contextPath: '' },
  { version: '9.12.0', contextPath: '/jira' },
  { version: '10.4.0', contextPath: '/jira' },
  { version: '11.3.0', contextPath: '' },
])('Jira $version at "$contextPath"', ({ version, contextPath }) => {
  let simulator: Simulator;
  let jira: IssueTracker;
  let project: TrackerProject;
  const open: IssueTracker[] = [];

  function tracker(more: Partial<JiraOptions> = {}): IssueTracker {
    const made = createJira({
      baseUrl: simulator.url,
      credentials: admin,
      concurrency: 4,
      delay: async () => {},
      ...more,
    });
    open.push(made);
    return made;
  }

  beforeAll(async () => {
    // baseUrl differs from the address in use, as behind a proxy.
    simulator = await startSimulator({
      version,
      contextPath,
      seed: 'empty',
      baseUrl: `https://jira.public.example${contextPath}`,
      timeZone: 'Asia/Kolkata',
    });
    const credentials: JiraCredentials = version.startsWith('11')
      ? { kind: 'token', token: (await simulator.control.createToken({ user: 'admin' })).token }
      : admin;
    jira = tracker({ credentials });
    const [first] = await jira.projects();
    if (first === undefined) throw new Error('the seed has a project');
    project = first;
  });

  afterEach(async () => {
    await simulator.control.clearFaults();
    await simulator.control.reindex();
  });

  afterAll(async () => {
    await Promise.all(open.map((one) => one.close()));
    await simulator.stop();
  });

  async function newIssue(summary: string): Promise<{ id: string; key: string }> {
    const types = await jira.creatableIssueTypes(project);
    const task = types.find(({ name }) => name === 'Task');
    return jira.createIssue({ projectId: project.id, issueTypeId: task?.id ?? '', summary, description: null });
  }

  it('tells who we are, what it is and what we may do', async () => {
    await expect(jira.myself()).resolves.toMatchObject({ name: 'admin', displayName: 'Alice Admin' });
    await expect(jira.server()).resolves.toMatchObject({
      version,
      baseUrl: `https://jira.public.example${contextPath}`,
    });
    const permissions = await jira.permissions({ projectKey: project.key });
    expect([...permissions]).toEqual(expect.arrayContaining(['ADMINISTER', 'CREATE_ISSUES', 'ADD_COMMENTS']));
    expect(project).toMatchObject({ key: 'TEST', name: 'Test' });
  });

  it('tells types, fields and the default type of a project', async () => {
    const types = await jira.creatableIssueTypes(project);
    expect(types.map(({ name }) => name).toSorted()).toEqual([
      'Bug',
      'Epic',
      'Improvement',
      'Story',
      'Sub-task',
      'Task',
    ]);
    expect(types.find(({ name }) => name === 'Sub-task')?.subtask).toBe(true);
    const epic = types.find(({ name }) => name === 'Epic');
    const fields = await jira.createFields(project, epic?.id ?? '');
    expect(fields.find(({ fieldId }) => fieldId === 'summary')).toMatchObject({ required: true, custom: null });
    expect(fields.some(({ custom }) => custom === 'com.pyxis.greenhopper.jira:gh-epic-label')).toBe(true);
    await expect(jira.defaultIssueType(project)).resolves.toMatchObject({ kind: 'known', issueType: { name: 'Task' } });
    await expect(jira.creatableIssueTypes({ id: '99999', key: 'NOSUCH' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('an issue is created with properties, read, edited and found in the changelog', async () => {
    const types = await jira.creatableIssueTypes(project);
    const id = (name: string) => types.find((type) => type.name === name)?.id ?? '';
    const created = await jira.createIssue({
      projectId: project.id,
      issueTypeId: id('Task'),
      summary: 'first “quoted” 漢字',
      description: 'line\r\n*bold*',
      properties: [{ key: 'sync.twin', value: { remote: 'X-1' } }],
    });
    await expect(jira.issueProperty(created.id, 'sync.twin')).resolves.toEqual({ remote: 'X-1' });
    await expect(jira.issueProperty(created.id, 'none')).resolves.toBeUndefined();
    await jira.editIssue(created.id, { summary: 'second', issueTypeId: id('Bug') });
    await jira.editIssue(created.key, { description: null });
    const issue = await jira.readIssue(created.key, { changelog: true });
    expect(issue).toMatchObject({
      ...created,
      projectKey: 'TEST',
      summary: 'second',
      description: null,
      issueType: { name: 'Bug' },
      parentId: null,
      comments: [],
      attachments: [],
    });
    expect(issue.changes.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['summary', 'issuetype', 'description']),
    );
    expect(issue.changes.find(({ field }) => field === 'summary')?.toString_).toBe('second');
    expect(Math.abs((issue.readAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    const sub = await jira.createIssue({
      projectId: project.id,
      issueTypeId: id('Sub-task'),
      summary: 's',
      description: null,
      parentId: created.id,
    });
    await expect(jira.readIssue(sub.id)).resolves.toMatchObject({ parentId: created.id, parentKey: created.key });
    expect((await jira.editableIssueTypes(created.id)).map(({ name }) => name)).toContain('Task');
  });

  it('refusals keep the fields and the texts of Jira', async () => {
    const bad = jira.createIssue({
      projectId: project.id,
      issueTypeId: '424242',
      summary: 'x'.repeat(300),
      description: null,
    });
    await expect(bad).rejects.toMatchObject({ code: 'invalid', outcome: 'refused', fieldErrors: expect.any(Object) });
    await expect(jira.readIssue('TEST-99999')).rejects.toMatchObject({ code: 'not_found' });
    await expect(jira.search({ jql: 'project = NOSUCH', startAt: 0, maxResults: 1 })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('comments are added, edited, kept restricted, and deleted twice without complaint', async () => {
    const { id, key } = await newIssue('comments');
    const added = await jira.addComment(id, { body: 'one', properties: [{ key: 'sync.twin', value: 1 }] });
    expect(added).toMatchObject({ body: 'one', author: { name: 'admin' }, visibility: null });
    const visibility = { type: 'role', value: 'Administrators' } as const;
    await simulator.control.setRole({ project: 'TEST', role: 'Administrators', members: ['admin'] });
    const restricted = await simulator.control.addComment({ key, user: 'admin', body: 'secret', visibility });
    await jira.editComment(id, restricted.id, { body: 'still secret', visibility });
    await jira.deleteComment(id, added.id);
    await jira.deleteComment(id, added.id);
    expect((await jira.readIssue(id)).comments).toMatchObject([
      { id: restricted.id, body: 'still secret', visibility },
    ]);
  });

  it('a comment out of sight is told from one that is gone', async () => {
    const { id, key } = await newIssue('out of sight');
    const visibility = { type: 'role', value: 'Administrators' } as const;
    await simulator.control.setRole({ project: 'TEST', role: 'Administrators', members: ['jane'] });
    const hidden = await simulator.control.addComment({ key, user: 'jane', body: 'secret', visibility });
    const gone = await jira.addComment(id, { body: 'soon gone' });
    expect(await jira.commentExists(gone.id)).toBe(true);
    await jira.deleteComment(id, gone.id);
    expect((await jira.readIssue(id)).comments).toEqual([]);
    expect([await jira.commentExists(hidden.id), await jira.commentExists(gone.id)]).toEqual([true, false]);
    expect(await jira.commentProperty(hidden.id, 'sync.twin')).toBeUndefined();
  });

  it('attachments go up and down byte for byte, names and all', async () => {
    const { id } = await newIssue('attachments');
    const content = Buffer.from('\u0000binary\r\n--\u00ff漢字');
    const upload = () => ({
      filename: 'Übung 1 (ö).txt',
      mimeType: 'text/plain',
      sizeBytes: content.byteLength,
      body: Readable.from([content]),
    });
    const stored = await jira.uploadAttachment(id, upload());
    await jira.uploadAttachment(id, upload());
    const { attachments } = await jira.readIssue(id);
    expect(attachments?.map(({ filename, sizeBytes }) => [filename, sizeBytes])).toEqual([
      ['Übung 1 (ö).txt', content.byteLength],
      ['Übung 1 (ö).txt', content.byteLength],
    ]);
    expect(stored.contentUrl).toContain('jira.public.example');
    const download = await jira.downloadAttachment(stored);
    expect((await buffer(download.body)).equals(content)).toBe(true);
    await jira.deleteAttachment(stored.id);
    await jira.deleteAttachment(stored.id);
    await expect(jira.downloadAttachment(stored)).rejects.toMatchObject({ code: 'not_found' });
    expect((await jira.attachmentLimits()).enabled).toBe(true);
  });

  it('an attachment above the limit is too large', async () => {
    const { id } = await newIssue('too large');
    const { attachmentLimitBytes } = await simulator.control.settings();
    await simulator.control.configure({ attachmentLimitBytes: 1000 });
    const body = Readable.from([Buffer.alloc(2000)]);
    await expect(
      jira.uploadAttachment(id, { filename: 'big', mimeType: 'text/plain', sizeBytes: 2000, body }),
    ).rejects.toMatchObject({ code: 'too_large', outcome: 'refused' });
    await simulator.control.configure({ attachmentLimitBytes });
    expect((await jira.readIssue(id)).attachments).toEqual([]);
  });

  it('a search by minute in the zone of the account finds what changed since', async () => {
    const { key } = await newIssue('search');
    await simulator.control.reindex();
    const { timeZone } = await jira.myself();
    const jql = `project = TEST AND updated >= "${jqlMinute(Date.now() - 60_000, timeZone ?? 'UTC')}" ORDER BY updated ASC, key ASC`;
    const page = await jira.search({ jql, startAt: 0, maxResults: 1000 });
    expect(page.hits.map((hit) => hit.key)).toContain(key);
    expect(page.hits.every(({ updatedMs }) => updatedMs % 1000 === 0)).toBe(true);
    const missing = await jira.search({ jql: `key in ("${key}", "TEST-98765")`, startAt: 0, maxResults: 10 });
    expect(missing.hits.map((hit) => hit.key)).toEqual([key]);
  });

  it('webhooks are registered, listed and removed', async () => {
    const hook = await jira.registerWebhook({ name: 'sync', url: 'http://127.0.0.1:9/hook', jql: 'project = TEST' });
    expect(await jira.webhooks()).toEqual([hook]);
    await jira.removeWebhook(hook.id);
    expect(await jira.webhooks()).toEqual([]);
  });

  it('a plain user is forbidden what is for administrators, and goes on working', async () => {
    const credentials: JiraCredentials = version.startsWith('11')
      ? { kind: 'token', token: (await simulator.control.createToken({ user: 'jane' })).token }
      : { kind: 'basic', username: 'jane', password: 'jane' };
    const jane = tracker({ credentials });
    await expect(jane.defaultIssueType(project)).resolves.toEqual({ kind: 'forbidden' });
    await expect(jane.webhooks()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(jane.projects()).resolves.toHaveLength(1);
    await expect(verifyCredentials({ baseUrl: simulator.url, credentials })).resolves.toMatchObject({
      user: { name: 'jane' },
      administrator: false,
    });
  });

  it.each<[string, Fault, string, string, number]>([
    ['performThenCut', { kind: 'performThenCut' }, 'unreachable', 'unknown', 1],
    ['performThen502', { kind: 'performThen502' }, 'unreachable', 'unknown', 1],
    ['cutBefore', { kind: 'cutBefore' }, 'unreachable', 'unknown', 0],
    ['unavailable', { kind: 'unavailable' }, 'unavailable', 'unknown', 0],
    ['unavailable with Retry-After', { kind: 'unavailable', retryAfterSeconds: 0 }, 'unavailable', 'refused', 0],
    ['loginPage', { kind: 'loginPage' }, 'credentials_refused', 'unknown', 0],
    ['redirect', { kind: 'redirect', location: 'https://sso.example/login' }, 'credentials_refused', 'refused', 0],
  ])(
    'a comment under the fault %s is sent once, and what is said of it is true',
    async (_name, fault, code, outcome, stored) => {
      const { id } = await newIssue('faults');
      await simulator.control.addFault({ ...fault, match: { method: 'POST', path: '/comment$' } });
      await expect(jira.addComment(id, { body: 'once' })).rejects.toMatchObject({ code, outcome });
      await simulator.control.clearFaults();
      expect((await jira.readIssue(id)).comments).toHaveLength(stored);
    },
  );

  it('a read survives faults that pass, and a comment a rate limit', async () => {
    const { id } = await newIssue('passing faults');
    await simulator.control.addFault({ kind: 'cutBefore', match: { method: 'GET', path: '/issue/', count: 2 } });
    await expect(jira.readIssue(id)).resolves.toMatchObject({ id });
    await simulator.control.addFault({
      kind: 'tooManyRequests',
      match: { method: 'POST', path: '/comment$', count: 1 },
    });
    await jira.addComment(id, { body: 'once' });
    expect((await jira.readIssue(id)).comments).toHaveLength(1);
  });

  it('a truncated download is told', async () => {
    const { id } = await newIssue('truncated');
    const body = Readable.from([Buffer.alloc(50_000, 7)]);
    const stored = await jira.uploadAttachment(id, {
      filename: 'a.bin',
      mimeType: 'application/octet-stream',
      sizeBytes: 50_000,
      body,
    });
    await simulator.control.addFault({ kind: 'truncate', match: { path: '/secure/attachment' } });
    const read = async () => buffer((await jira.downloadAttachment(stored)).body);
    await expect(read()).rejects.toMatchObject({ code: 'truncated' });
  });

  it('a wrong password is sent once and does not lock the account', async () => {
    if (version.startsWith('11')) return;
    const wrong = tracker({ credentials: { kind: 'basic', username: 'jane', password: 'wrong' } });
    await Promise.allSettled(Array.from({ length: 10 }, () => wrong.projects()));
    await expect(wrong.myself()).rejects.toMatchObject({ code: 'credentials_refused' });
    await expect(
      tracker({ credentials: { kind: 'basic', username: 'jane', password: 'jane' } }).myself(),
    ).resolves.toMatchObject({ name: 'jane' });
  });

  it('a revoked token does not make an empty search believed', async () => {
    const bad = tracker({ credentials: { kind: 'token', token: 'bm90LWEtdG9rZW4' } });
    await expect(bad.search({ jql: '', startAt: 0, maxResults: 1 })).rejects.toMatchObject({
      code: 'credentials_refused',
    });
  });
});

describe('Jira 8.14.1, which takes no tokens at attachment addresses', () => {
  it('is told by an error with a remedy, and the token goes on being used for the rest', async () => {
    const simulator = await startSimulator({ version: '8.14.1', seed: 'empty' });
    const { token } = await simulator.control.createToken({ user: 'admin' });
    const { key } = await simulator.control.createIssue({ project: 'TEST', issue: { type: 'Task', summary: 's' } });
    await simulator.control.createAttachment({ key, filename: 'a.bin', bytes: 1000 });
    const jira = createJira({ baseUrl: simulator.url, credentials: { kind: 'token', token }, concurrency: 2 });
    const { attachments } = await jira.readIssue(key);
    const [attachment] = attachments ?? [];
    if (attachment === undefined) throw new Error('no attachment');
    await expect(jira.downloadAttachment(attachment)).rejects.toMatchObject({
      code: 'credentials_refused',
      message: expect.stringContaining('user name and password work there'),
    });
    await expect(jira.readIssue(key)).resolves.toMatchObject({ key });
    await jira.close();
    await simulator.stop();
  });
});

describe('Jira 11 without Basic', () => {
  it('says so', async () => {
    const simulator = await startSimulator({ version: '11.3.0', seed: 'empty' });
    await expect(verifyCredentials({ baseUrl: simulator.url, credentials: admin })).rejects.toMatchObject({
      code: 'credentials_refused',
      message: expect.stringContaining('token'),
    });
    await simulator.stop();
  });
});
