import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { basic, call, newIssue, withSimulator } from './support.ts';

const jane = { auth: basic('jane') };

describe('issues', () => {
  test('createmeta is the old one up to 8.x and the paged one from 8.4', async () => {
    await withSimulator({}, async (simulator) => {
      const old = '/rest/api/2/issue/createmeta?projectKeys=TEST&expand=projects.issuetypes.fields';
      const paged = '/rest/api/2/issue/createmeta/TEST/issuetypes';
      const statuses = async (version: string): Promise<number[]> => {
        await simulator.control.configure({ version });
        return [(await call(simulator, old)).status, (await call(simulator, paged)).status];
      };
      expect(await statuses('7.13.0')).toEqual([200, 404]);
      expect(await statuses('8.5.0')).toEqual([200, 200]);
      expect(await statuses('9.12.0')).toEqual([404, 200]);
      expect((await call(simulator, old)).body).toEqual({ errorMessages: ['Issue Does Not Exist'], errors: {} });
      expect((await call(simulator, '/rest/api/2/issue/createmeta/NOPE/issuetypes')).status).toBe(400);
    });
  });

  test('refusals of a create carry the texts per field, several at once', async () => {
    await withSimulator({}, async (simulator) => {
      const create = async (fields: Record<string, unknown>, auth = basic('admin')): Promise<unknown> => {
        const all = { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'x', ...fields };
        return (await call(simulator, '/rest/api/2/issue', { body: { fields: all }, auth })).body.errors;
      };
      const { id: epicName } = await simulator.control.customFieldId({ name: 'Epic Name' });
      expect(await create({ summary: '  ', nonsense: 1, description: 'x'.repeat(32_768) })).toEqual({
        summary: 'You must specify a summary of the issue.',
        nonsense: "Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown.",
        description: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.',
      });
      expect(await create({ summary: 'a\nb' })).toEqual({
        summary: 'The summary is invalid because it contains newline characters.',
      });
      expect(await create({ summary: 'a'.repeat(255) })).toBeUndefined();
      expect(await create({ project: { key: 'NOPE' } })).toEqual({ project: 'project is required' });
      expect(await create({ issuetype: { name: 'Nope' } })).toEqual({ issuetype: 'issue type is required' });
      expect(await create({ issuetype: { name: 'Epic' } })).toEqual({ [String(epicName)]: 'Epic Name is required.' });
      expect(await create({ issuetype: { name: 'Sub-task' } })).toEqual({
        parent: 'Issue type is a sub-task but parent issue key or id not specified.',
      });
      expect(await create({ reporter: { name: 'admin' } }, basic('jane'))).toEqual({
        reporter: "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown.",
      });
    });
  });

  test('an edit writes one history entry and moves updated; an edit that changes nothing does neither', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator, { labels: ['a'] });
      const path = `/rest/api/2/issue/${key}`;
      const edit = await call(simulator, path, {
        method: 'PUT',
        body: { fields: { summary: 'New' }, update: { labels: [{ add: 'b' }] } },
      });
      expect([edit.status, edit.text, edit.headers.get('content-type')]).toEqual([204, '', 'text/html;charset=UTF-8']);
      const read = async (): Promise<unknown> => {
        const { body } = await call(simulator, `${path}?expand=changelog&fields=updated`);
        return [body.fields.updated, body.changelog.histories.map((one: { items: unknown }) => one.items)];
      };
      const before = await read();
      expect(before).toEqual([
        expect.any(String),
        [
          [
            { field: 'summary', fieldtype: 'jira', from: null, fromString: 'An issue', to: null, toString: 'New' },
            { field: 'labels', fieldtype: 'jira', from: null, fromString: 'a', to: null, toString: 'a b' },
          ],
        ],
      ]);
      await call(simulator, path, { method: 'PUT', body: { fields: { summary: ' New ' } } });
      expect(await read()).toEqual(before);
    });
  });

  test('a field taken off the screen or a withdrawn permission is refused as not on the screen', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const put = async (fields: Record<string, unknown>): Promise<unknown> =>
        (await call(simulator, `/rest/api/2/issue/${key}`, { ...jane, method: 'PUT', body: { fields } })).body?.errors;
      expect(await put({ description: 'x' })).toBeUndefined();
      await simulator.control.setScreen({ project: 'TEST', remove: ['Description'], require: ['Labels'] });
      const text = (id: string): string =>
        `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
      expect(await put({ description: 'y' })).toEqual({ description: text('description') });
      expect(await put({ labels: [] })).toEqual({ labels: 'Labels is required.' });
      await simulator.control.withdraw({ project: 'TEST', permission: 'EDIT_ISSUES', holder: 'user:jane' });
      expect(await put({ summary: 'y' })).toEqual({ summary: text('summary') });
      expect((await call(simulator, `/rest/api/2/issue/${key}/editmeta`, jane)).body).toEqual({ fields: {} });
    });
  });

  test('a restricted comment is hidden from who is not in its role, everywhere', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const path = `/rest/api/2/issue/${key}/comment`;
      await call(simulator, path, { body: { body: 'open' } });
      const closed = await call(simulator, path, {
        body: {
          body: 'closed',
          visibility: { type: 'role', value: 'Administrators' },
          properties: [{ key: 'p', value: 1 }],
        },
      });
      expect([closed.status, closed.body.visibility]).toEqual([201, { type: 'role', value: 'Administrators' }]);
      expect((await call(simulator, `/rest/api/2/comment/${closed.body.id}/properties/p`)).body).toEqual({
        key: 'p',
        value: 1,
      });
      const bodies = async (auth: string): Promise<string[]> =>
        (await call(simulator, path, { auth })).body.comments.map((one: { body: string }) => one.body);
      expect([await bodies(basic('admin')), await bodies(basic('jane'))]).toEqual([['open', 'closed'], ['open']]);
      expect((await call(simulator, `${path}/${closed.body.id}`, jane)).status).toBe(404);
      const edited = await call(simulator, `${path}/${closed.body.id}`, {
        ...jane,
        method: 'PUT',
        body: { body: 'x' },
      });
      expect(edited.status).toBe(404);
    });
  });

  test('properties and remote links: 201 when new, 200 when updated; a property leaves updated where it is', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const updated = async (): Promise<string> =>
        (await call(simulator, `/rest/api/2/issue/${key}`)).body.fields.updated;
      const before = await updated();
      const put = async (): Promise<number> =>
        (await call(simulator, `/rest/api/2/issue/${key}/properties/sync.twin`, { method: 'PUT', body: { remote: 1 } }))
          .status;
      expect([await put(), await put()]).toEqual([201, 200]);
      expect(await updated()).toBe(before);
      const link = { globalId: 'system=x&id=1', object: { url: 'http://x/1', title: 'X-1' } };
      const post = async (): Promise<number> =>
        (await call(simulator, `/rest/api/2/issue/${key}/remotelink`, { body: link })).status;
      expect([await post(), await post()]).toEqual([201, 200]);
      expect((await call(simulator, `/rest/api/2/issue/${key}/remotelink`)).body).toHaveLength(1);
      expect((await call(simulator, `/rest/api/2/issue/${key}?properties=sync.twin`)).body.properties).toEqual({
        'sync.twin': { remote: 1 },
      });
    });
  });

  test('an attachment comes back byte for byte; too big a file is 404 with its text', async () => {
    await withSimulator({ contextPath: '/jira' }, async (simulator) => {
      const { key } = await newIssue(simulator);
      const bytes = Buffer.from([...Array(100_000).keys()].map((n) => n % 251));
      const form = new FormData();
      form.append('file', new Blob([bytes]), 'pompa ciepła.bin');
      const headers = { 'x-atlassian-token': 'no-check' };
      const up = await call(simulator, `/rest/api/2/issue/${key}/attachments`, { body: form, headers });
      expect([up.status, up.body[0].filename, up.body[0].size]).toEqual([200, 'pompa ciepła.bin', bytes.length]);
      expect(up.body[0].content).toBe(`${simulator.url}/secure/attachment/${up.body[0].id}/pompa+ciep%C5%82a.bin`);
      const down = await fetch(up.body[0].content, { headers: { authorization: basic('jane') } });
      expect(Buffer.compare(Buffer.from(await down.arrayBuffer()), bytes)).toBe(0);
      const anonymous = await fetch(up.body[0].content, { redirect: 'manual' });
      expect([anonymous.status, anonymous.headers.get('location')]).toEqual([
        302,
        expect.stringContaining('/jira/login.jsp?permissionViolation=true'),
      ]);
      await simulator.control.configure({ attachmentLimitBytes: 1000 });
      const big = new FormData();
      big.append('file', new Blob([bytes]), 'big.bin');
      const refused = await call(simulator, `/rest/api/2/issue/${key}/attachments`, { body: big, headers });
      expect([refused.status, refused.body.errorMessages]).toEqual([
        404,
        ['The field file exceeds its maximum permitted size of 1000 bytes.'],
      ]);
      const [dump] = await simulator.control.dump();
      expect(dump?.attachments).toMatchObject([{ sha256: createHash('sha256').update(bytes).digest('hex') }]);
    });
  });

  test('a token is sent to the login page by downloads on 8.14, and only there', async () => {
    await withSimulator({ version: '8.14.1' }, async (simulator) => {
      const { key } = await newIssue(simulator);
      const { id } = await simulator.control.createAttachment({ key, filename: 'a.bin', bytes: 200_000 });
      const { token } = await simulator.control.createToken({ user: 'admin' });
      const path = `/secure/attachment/${id}/a.bin`;
      expect((await call(simulator, path, { auth: `Bearer ${token}` })).status).toBe(302);
      expect((await call(simulator, path)).status).toBe(200);
      await simulator.control.configure({ version: '9.12.0' });
      expect((await call(simulator, path, { auth: `Bearer ${token}` })).headers.get('content-length')).toBe('200000');
    });
  });

  test('generated bytes that are uploaded above the discard limit stay downloadable and keep their hash', async () => {
    await withSimulator({}, async (simulator) => {
      await simulator.control.configure({ discardUploadsAbove: 1000 });
      const { key } = await newIssue(simulator);
      const { id } = await simulator.control.createAttachment({ key, filename: 'a.bin', bytes: 300_000, seed: 7 });
      const bytes = await (
        await fetch(`${simulator.url}/secure/attachment/${id}/a.bin`, { headers: { authorization: basic('admin') } })
      ).arrayBuffer();
      const form = new FormData();
      form.append('file', new Blob([bytes]), 'copy.bin');
      await call(simulator, `/rest/api/2/issue/${key}/attachments`, {
        body: form,
        headers: { 'x-atlassian-token': 'no-check' },
      });
      const [dump] = await simulator.control.dump();
      const [first, second] = dump?.attachments ?? [];
      expect(second?.sha256).toBe(first?.sha256);
      expect((await call(simulator, `/secure/attachment/${second?.id}/copy.bin`)).headers.get('content-length')).toBe(
        '300000',
      );
    });
  });

  test('state survives a restart on the same folder', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const dataDir = mkdtempSync('/tmp/simulator-test-');
    try {
      let key = '';
      await withSimulator({ dataDir }, async (simulator) => {
        ({ key } = await newIssue(simulator, { summary: 'Kept' }));
      });
      await withSimulator({ dataDir }, async (simulator) => {
        expect((await call(simulator, `/rest/api/2/issue/${key}`)).body.fields.summary).toBe('Kept');
        expect((await newIssue(simulator)).key).toBe('TEST-2');
        expect((await call(simulator, '/rest/api/2/search?jql=project=TEST')).body.total).toBe(2);
      });
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
