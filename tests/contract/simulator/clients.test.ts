import { createRequire } from 'node:module';
import { createAgileClient } from 'jira.js';
import { createClient } from 'jira.js/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'empty', version: '9.12.0' });
});
afterAll(() => simulator.stop());

describe('clients written by others', () => {
  test('jira-client creates, edits, comments, searches, links and deletes', async () => {
    // a CommonJS package without types
    // oxlint-disable-next-line no-explicit-any
    const JiraClient = createRequire(import.meta.url)('jira-client') as any;
    const jira = new JiraClient({
      protocol: 'http',
      host: '127.0.0.1',
      port: simulator.port,
      username: 'admin',
      password: 'admin',
      apiVersion: '2',
    });
    const fields = { project: { key: 'TEST' }, issuetype: { name: 'Bug' }, summary: 'From jira-client' };
    const made = await jira.addNewIssue({ fields });
    await jira.updateIssue(made.id, { fields: { description: 'edited' } });
    const comment = await jira.addComment(made.key, 'hello');
    await jira.updateComment(made.key, comment.id, 'hello again');
    const found = await jira.searchJira('project = TEST AND summary ~ "jira-client"', {
      fields: ['description', 'comment'],
    });
    expect(found.issues[0].fields).toMatchObject({
      description: 'edited',
      comment: { comments: [{ body: 'hello again' }] },
    });
    const other = await jira.addNewIssue({ fields });
    await jira.issueLink({
      type: { name: 'Relates' },
      inwardIssue: { key: made.key },
      outwardIssue: { key: other.key },
    });
    await jira.createRemoteLink(made.key, { globalId: 'g', object: { url: 'http://x/', title: 'X' } });
    expect((await jira.getRemoteLinks(made.key))[0].globalId).toBe('g');
    const { transitions } = await jira.listTransitions(made.key);
    const done = transitions.find((one: { name: string }) => one.name === 'Done');
    await jira.transitionIssue(made.key, { transition: { id: done.id } });
    const read = await jira.findIssue(made.key, 'changelog');
    expect(read.fields).toMatchObject({ status: { name: 'Done' }, issuelinks: [{ outwardIssue: { key: other.key } }] });
    const { Readable } = await import('node:stream');
    const file = Object.assign(Readable.from([Buffer.from('text')]), { path: 'note.txt' });
    expect(
      await jira.addAttachmentOnIssue(made.key, {
        value: file,
        options: { filename: 'note.txt', contentType: 'text/plain' },
      }),
    ).toMatchObject([{ filename: 'note.txt', size: 4 }]);
    await jira.deleteIssue(made.key);
    await expect(jira.findIssue(made.key)).rejects.toThrow('Issue Does Not Exist');
    expect((await jira.getCurrentUser()).name).toBe('admin');
    expect((await jira.getServerInfo()).deploymentType).toBe('Server');
    expect((await jira.listProjects()).map((one: { key: string }) => one.key)).toEqual(['TEST']);
  });

  test('the transport, errors and agile client of jira.js work (its platform client is for Cloud only since 6.0)', async () => {
    const { token } = await simulator.control.createToken({ user: 'admin' });
    const client = createClient({ host: simulator.url, auth: { type: 'bearer', token } });
    const { id: epicName } = await simulator.control.customFieldId({ name: 'Epic Name' });
    const fields = {
      project: { key: 'TEST' },
      issuetype: { name: 'Epic' },
      summary: 'From jira.js',
      [String(epicName)]: 'JS',
    };
    const made = (await client.sendRequest({ url: '/rest/api/2/issue', method: 'POST', body: { fields } })) as {
      key: string;
    };
    const epic = await createAgileClient(client).epic.getEpic({ epicIdOrKey: made.key });
    expect(epic).toMatchObject({ key: made.key, name: 'JS', summary: 'From jira.js', done: false });
    const form = new FormData();
    form.append('file', new Blob(['abc']), 'ü.txt');
    const headers = { 'X-Atlassian-Token': 'no-check' };
    const attached = await client.sendRequest({
      url: `/rest/api/2/issue/${made.key}/attachments`,
      method: 'POST',
      body: form,
      headers,
    });
    expect(attached).toMatchObject([{ filename: 'ü.txt', size: 3 }]);
    const comment = await client.sendRequest({
      url: `/rest/api/2/issue/${made.key}/comment`,
      method: 'POST',
      body: { body: 'x' },
    });
    expect(comment).toMatchObject({ body: 'x', author: { name: 'admin' } });
    await expect(client.sendRequest({ url: '/rest/api/2/issue/NOPE-1', method: 'GET' })).rejects.toMatchObject({
      status: 404,
    });
    const search = await client.sendRequest({
      url: '/rest/api/2/search',
      method: 'GET',
      searchParams: { jql: `key = ${made.key}` },
    });
    expect(search).toMatchObject({ total: 1, issues: [{ key: made.key }] });
  });
});
