import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { call, until, withSimulator } from './support.ts';

async function signIn(simulator: Simulator, name: string): Promise<Record<string, string>> {
  const answer = await fetch(`${simulator.url}/login.jsp`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ os_username: name, os_password: name, os_destination: '/browse/TEST-1' }),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/jira/browse/TEST-1']);
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

describe('pages for people', () => {
  test('a person signs in, edits, comments and attaches; everything shown is escaped and everything done is theirs', async () => {
    await withSimulator({ seed: 'company-a', contextPath: '/jira' }, async (simulator) => {
      await call(simulator, '/rest/api/2/issue/TEST-1', {
        method: 'PUT',
        body: { fields: { summary: '<script>alert(1)</script> & "x"' } },
      });
      const stranger = await call(simulator, '/browse/TEST-1', { auth: null });
      expect(stranger.status).toBe(302);
      const headers = await signIn(simulator, 'jonas');
      const page = await call(simulator, '/browse/TEST-1', { auth: null, headers });
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;');
      expect(page.text).not.toContain('<script>alert(1)');
      expect(page.text).toContain('Übersicht – Sätze 税率.txt');
      const token = /name="atl_token" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? '';
      const post = async (path: string, fields: Record<string, string>): Promise<number> => {
        const body = new URLSearchParams(fields);
        const answer = await fetch(`${simulator.url}/browse/TEST-1${path}`, {
          method: 'POST',
          headers,
          body,
          redirect: 'manual',
        });
        return answer.status;
      };
      expect(await post('/comment', { body: 'stolen' })).toBe(403);
      expect(await post('/comment', { atl_token: token, body: 'typed\r\nhere' })).toBe(303);
      const bug = (await call(simulator, '/rest/api/2/issue/TEST-1')).body.fields;
      const same = { issuetype: bug.issuetype.id, priority: bug.priority.id, labels: bug.labels.join(' ') };
      expect(await post('/edit', { atl_token: token, ...same, summary: 'Typed', description: 'a\r\nb' })).toBe(303);
      const form = new FormData();
      form.append('file', new Blob(['x']), 'typed.txt');
      const upload = await fetch(`${simulator.url}/browse/TEST-1/attachment?atl_token=${token}`, {
        method: 'POST',
        headers,
        body: form,
        redirect: 'manual',
      });
      expect(upload.status).toBe(303);
      const [dump] = await simulator.control.dump();
      expect(dump).toMatchObject({ summary: 'Typed', description: 'a\r\nb' });
      expect(dump?.comments.at(-1)).toMatchObject({ author: 'jonas', body: 'typed\r\nhere' });
      expect(dump?.attachments.at(-1)).toMatchObject({ author: 'jonas', filename: 'typed.txt' });
    });
  });

  test('the fingerprint an open page polls changes with the issue', async () => {
    await withSimulator({ seed: 'company-a', contextPath: '/jira' }, async (simulator) => {
      const read = async (): Promise<string> => (await call(simulator, '/browse/TEST-1/fingerprint')).text;
      const before = await read();
      await simulator.control.addComment({ key: 'TEST-1', body: 'x' });
      await until('a new fingerprint', async () => (await read()) !== before);
    });
  });
});
