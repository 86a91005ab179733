import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connectControl } from '../../../simulator/index.ts';
import { basic, call, newIssue, until, withSimulator } from './support.ts';

describe('faults', () => {
  test('performThenCut does the write and loses the answer, once', async () => {
    await withSimulator({}, async (simulator) => {
      await simulator.control.addFault({
        kind: 'performThenCut',
        match: { method: 'POST', path: '/issue$', count: 1 },
      });
      await expect(newIssue(simulator)).rejects.toThrow();
      const after = await simulator.control.dump();
      expect(after.map((one) => one.key)).toEqual(['TEST-1']);
      expect((await newIssue(simulator)).key).toBe('TEST-2');
      expect(await simulator.control.writes()).toMatchObject([
        { issueKey: 'TEST-1', answerLost: true, user: 'admin' },
        { issueKey: 'TEST-2', answerLost: false },
      ]);
    });
  });

  test('cutBefore, 429, 503 and 502 keep to what they say of the write', async () => {
    await withSimulator({}, async (simulator) => {
      const { control } = simulator;
      const once = { match: { count: 1, method: 'POST' } } as const;
      await control.addFault({ kind: 'cutBefore', ...once });
      await expect(newIssue(simulator)).rejects.toThrow();
      const post = { body: { fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'x' } } };
      await control.addFault({ kind: 'tooManyRequests', retryAfterSeconds: 7, ...once });
      const busy = await call(simulator, '/rest/api/2/issue', post);
      expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
      expect(busy.text).toContain('Rate limit exceeded.');
      await control.addFault({ kind: 'unavailable', ...once });
      expect((await call(simulator, '/rest/api/2/issue', post)).status).toBe(503);
      expect(await control.dump()).toEqual([]);
      await control.addFault({ kind: 'performThen502', ...once });
      expect((await call(simulator, '/rest/api/2/issue', post)).status).toBe(502);
      expect(await control.dump()).toHaveLength(1);
    });
  });

  test('a truncated download announces the whole length and breaks off', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const { id } = await simulator.control.createAttachment({ key, filename: 'a.bin', bytes: 500_000 });
      await simulator.control.addFault({ kind: 'truncate', match: { path: '/secure/' } });
      const answer = await fetch(`${simulator.url}/secure/attachment/${id}/a.bin`, {
        headers: { authorization: basic('admin') },
      });
      expect(answer.headers.get('content-length')).toBe('500000');
      await expect(answer.arrayBuffer()).rejects.toThrow();
    });
  });

  test('an upload the client breaks off leaves nothing behind and does no harm', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const socket = connect(simulator.port, '127.0.0.1');
      const head = [
        `POST /rest/api/2/issue/${key}/attachments HTTP/1.1`,
        'Host: x',
        `Authorization: ${basic('admin')}`,
        'X-Atlassian-Token: no-check',
        'Content-Type: multipart/form-data; boundary=b',
        'Content-Length: 100000',
      ];
      const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
      socket.write(`${head.join('\r\n')}\r\n\r\n${part}`);
      await until('in flight', async () => (await simulator.control.statistics()).inFlight === 1);
      socket.destroy();
      await until('ended', async () => (await simulator.control.statistics()).inFlight === 0);
      expect((await simulator.control.dump())[0]?.attachments).toEqual([]);
    });
  });

  test('a hanging request shows as in flight and ends when the client gives up', async () => {
    await withSimulator({}, async (simulator) => {
      await simulator.control.addFault({ kind: 'hang', match: { path: '/myself', user: 'jane' } });
      const hanging = fetch(`${simulator.url}/rest/api/2/myself`, {
        headers: { authorization: basic('jane') },
        signal: AbortSignal.timeout(200),
      });
      await until('in flight', async () => (await simulator.control.statistics()).inFlight === 1);
      expect((await call(simulator, '/rest/api/2/myself')).status).toBe(200);
      await expect(hanging).rejects.toThrow();
      await until('ended', async () => (await simulator.control.statistics()).inFlight === 0);
    });
  });

  test('the control endpoint does over HTTP what the control object does in process, for its token only', async () => {
    await withSimulator({ controlToken: 'c' }, async (simulator) => {
      const control = connectControl(simulator.controlUrl, 'c');
      await control.createUser({ name: 'zoë', displayName: 'Zoë' });
      await control.createProject({ key: 'NEW', name: 'New', issueTypes: ['Task', 'Oddity'] });
      const { key } = await control.createIssue({
        project: 'NEW',
        issue: { type: 'Oddity', summary: 'x', comments: [{ author: 'zoë', body: 'y' }] },
      });
      expect((await control.dump({ project: 'NEW' }))[0]).toMatchObject({
        key,
        type: 'Oddity',
        comments: [{ author: 'zoë' }],
      });
      await expect(connectControl(simulator.controlUrl, 'wrong').settings()).rejects.toThrow('closed to you');
      await expect(control.configure({ nonsense: 1 } as never)).rejects.toThrow('No such setting');
    });
  });
});
