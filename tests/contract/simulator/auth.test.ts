import { describe, expect, test } from 'vitest';
import { basic, call, newIssue, withSimulator } from './support.ts';

describe('authentication', () => {
  test('a wrong password gets 401 HTML, and after three of them the right one gets the CAPTCHA 403 until it is reset', async () => {
    await withSimulator({}, async (simulator) => {
      for (let count = 0; count < 3; count += 1) {
        const wrong = await call(simulator, '/rest/api/2/myself', { auth: basic('jane', 'wrong') });
        expect(wrong.status).toBe(401);
        expect(wrong.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
        expect(wrong.headers.get('content-type')).toMatch(/^text\/html/);
        expect(wrong.text).toContain('Basic Authentication Failure - Reason : AUTHENTICATED_FAILED');
      }
      const locked = await call(simulator, '/rest/api/2/myself', { auth: basic('jane') });
      expect(locked.status).toBe(403);
      expect(locked.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATION_DENIED');
      expect(locked.headers.get('x-authentication-denied-reason')).toBe(
        `CAPTCHA_CHALLENGE; login-url=${simulator.url}/login.jsp`,
      );
      const session = await call(simulator, '/rest/auth/1/session', {
        auth: null,
        body: { username: 'jane', password: 'jane' },
      });
      expect([session.status, session.body]).toEqual([403, { errorMessages: ['Login denied'], errors: {} }]);
      expect((await call(simulator, '/rest/api/2/myself')).status).toBe(200);
      await simulator.control.resetCaptcha({ user: 'jane' });
      expect((await call(simulator, '/rest/api/2/myself', { auth: basic('jane') })).status).toBe(200);
    });
  });

  test('a bad token is nobody: 401 JSON on an issue, 200 with nothing found on search', async () => {
    await withSimulator({ version: '10.4.0' }, async (simulator) => {
      const { key } = await newIssue(simulator);
      const auth = 'Bearer nonsense';
      for (const path of ['/rest/api/2/myself', '/rest/api/2/serverInfo', `/rest/api/2/issue/${key}`]) {
        const answer = await call(simulator, path, { auth });
        expect(answer.status).toBe(401);
        expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
        expect(answer.headers.get('x-seraph-loginreason')).toBeNull();
      }
      const search = await call(simulator, '/rest/api/2/search?jql=', { auth });
      expect([search.status, search.body.total, search.headers.get('x-ausername')]).toEqual([200, 0, 'anonymous']);
      expect((await call(simulator, '/rest/api/2/search?jql=project%3DTEST', { auth })).status).toBe(400);
    });
  });

  test('a token made over REST works until it is revoked, from 8.14 on', async () => {
    await withSimulator({ version: '8.14.1' }, async (simulator) => {
      const made = await call(simulator, '/rest/pat/latest/tokens', { body: { name: 'x', expirationDuration: 90 } });
      expect(made.status).toBe(201);
      const auth = `Bearer ${made.body.rawToken}`;
      expect((await call(simulator, '/rest/api/2/myself', { auth })).body.name).toBe('admin');
      await simulator.control.configure({ version: '8.5.0' });
      expect((await call(simulator, '/rest/api/2/myself', { auth })).status).toBe(401);
      expect((await call(simulator, '/rest/pat/latest/tokens', { body: { name: 'x' } })).status).toBe(404);
      await simulator.control.configure({ version: '8.14.1' });
      expect((await call(simulator, `/rest/pat/latest/tokens/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await call(simulator, '/rest/api/2/myself', { auth })).status).toBe(401);
    });
  });

  test('a session cookie signs in until the session is ended', async () => {
    await withSimulator({}, async (simulator) => {
      const made = await call(simulator, '/rest/auth/1/session', {
        auth: null,
        body: { username: 'jane', password: 'jane' },
      });
      const headers = { cookie: `JSESSIONID=${made.body.session.value}` };
      expect((await call(simulator, '/rest/api/2/myself', { auth: null, headers })).body.name).toBe('jane');
      expect((await call(simulator, '/rest/auth/1/session', { auth: null, headers, method: 'DELETE' })).status).toBe(
        204,
      );
      expect((await call(simulator, '/rest/api/2/myself', { auth: null, headers })).status).toBe(401);
    });
  });

  test('version 11 refuses Basic with 403 JSON', async () => {
    await withSimulator({ version: '11.3.0' }, async (simulator) => {
      const answer = await call(simulator, '/rest/api/2/myself');
      expect([answer.status, answer.body]).toEqual([
        403,
        { message: 'Basic Authentication has been disabled on this instance.' },
      ]);
      const { token } = await simulator.control.createToken({ user: 'admin' });
      expect((await call(simulator, '/rest/api/2/myself', { auth: `Bearer ${token}` })).status).toBe(200);
    });
  });

  test('writes that look like a browser, or an upload without its header, fail the XSRF check', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const comment = { body: { body: 'x' }, headers: { 'user-agent': 'Mozilla/5.0' } };
      const refused = await call(simulator, `/rest/api/2/issue/${key}/comment`, comment);
      expect([refused.status, refused.text]).toEqual([403, 'XSRF check failed']);
      const headers = { ...comment.headers, 'x-atlassian-token': 'no-check' };
      expect((await call(simulator, `/rest/api/2/issue/${key}/comment`, { ...comment, headers })).status).toBe(201);
      const form = new FormData();
      form.append('file', new Blob(['x']), 'x.txt');
      expect((await call(simulator, `/rest/api/2/issue/${key}/attachments`, { body: form })).text).toBe(
        'XSRF check failed',
      );
    });
  });
});
