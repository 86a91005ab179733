import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basic, call, newIssue, until, withSimulator } from './support.ts';

interface Delivery {
  url: string;
  headers: IncomingHttpHeaders;
  text: string;
  // oxlint-disable-next-line no-explicit-any
  body: any;
}

let received: Delivery[] = [];
const server = createServer((req, res) => {
  let text = '';
  req.on('data', (chunk: Buffer) => (text += chunk.toString()));
  req.on('end', () => {
    received.push({ url: req.url ?? '', headers: req.headers, text, body: text === '' ? null : JSON.parse(text) });
    res.end();
  });
});
let target = '';

beforeEach(async () => {
  received = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const EVENTS = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
];

describe('webhooks', () => {
  test('only an admin registers them, at the path of the version', async () => {
    await withSimulator({}, async (simulator) => {
      const hook = { body: { name: 'x', url: target, events: EVENTS } };
      expect((await call(simulator, '/rest/webhooks/1.0/webhook', { ...hook, auth: basic('jane') })).status).toBe(403);
      const made = await call(simulator, '/rest/webhooks/1.0/webhook', hook);
      expect([made.status, made.body.self, made.body.id]).toEqual([
        201,
        `${simulator.url}/rest/webhooks/1.0/webhook/1`,
        undefined,
      ]);
      await simulator.control.configure({ version: '10.4.0' });
      expect((await call(simulator, '/rest/webhooks/1.0/webhook')).status).toBe(404);
      expect((await call(simulator, '/rest/jira-webhook/1.0/webhooks')).body).toMatchObject([{ id: 1, active: true }]);
    });
  });

  test('a comment makes two deliveries, the one with the issue older than the comment', async () => {
    await withSimulator({}, async (simulator) => {
      await call(simulator, '/rest/webhooks/1.0/webhook', {
        body: {
          name: 'x',
          url: `${target}/h?k=\${issue.key}`,
          events: EVENTS,
          filters: { 'issue-related-events-section': 'project = TEST' },
        },
      });
      const { id, key } = await newIssue(simulator);
      await until('created', () => received.length === 1);
      expect(Object.keys(received[0]?.body).sort()).toEqual([
        'issue',
        'issue_event_type_name',
        'timestamp',
        'user',
        'webhookEvent',
      ]);
      expect(received[0]?.url).toBe(`/h?k=${key}`);
      const stale = received[0]?.body.issue.fields.updated;
      const comment = await call(simulator, `/rest/api/2/issue/${key}/comment`, { body: { body: 'hi' } });
      await until('both', () => received.length === 3);
      const created = received.find((one) => one.body.webhookEvent === 'comment_created')?.body;
      const updated = received.find((one) => one.body.issue_event_type_name === 'issue_commented')?.body;
      expect(Object.keys(created).sort()).toEqual(['comment', 'timestamp', 'webhookEvent']);
      expect(created.comment.self).toBe(`${simulator.url}/rest/api/2/issue/${id}/comment/${comment.body.id}`);
      expect(Object.keys(updated).sort()).toEqual([
        'comment',
        'issue',
        'issue_event_type_name',
        'timestamp',
        'user',
        'webhookEvent',
      ]);
      expect(updated.issue.fields.updated).toBe(stale);
      expect(updated.issue.fields.comment.total).toBe(1);
      await call(simulator, `/rest/api/2/issue/${key}`, { method: 'PUT', body: { fields: { summary: 'New' } } });
      await until('edited', () => received.length === 4);
      expect(received[3]?.body.changelog.items).toMatchObject([{ field: 'summary', toString: 'New' }]);
      await call(simulator, `/rest/api/2/issue/${key}/comment/${comment.body.id}`, { method: 'DELETE' });
      await until('deleted', () => received.length === 6);
      const gone = received.find((one) => one.body.issue_event_type_name === 'issue_comment_deleted')?.body;
      expect([gone.comment, gone.issue.fields.comment.total]).toEqual([undefined, 0]);
      // a delivery counts once its answer is in, which comes after the request that is seen here
      await until('answered', async () =>
        (await simulator.control.deliveries()).every((one) => one.state === 'delivered'),
      );
    });
  });

  test('an edit or a transition that brings a comment is told of once, with the change and the comment', async () => {
    await withSimulator({}, async (simulator) => {
      await call(simulator, '/rest/webhooks/1.0/webhook', { body: { name: 'x', url: target, events: EVENTS } });
      const { key } = await newIssue(simulator);
      await until('created', () => received.length === 1);
      const update = { comment: [{ add: { body: 'why' } }] };
      const path = `/rest/api/2/issue/${key}`;
      await call(simulator, path, { method: 'PUT', body: { fields: { summary: 'New' }, update } });
      await until('edited', () => received.length === 3);
      await call(simulator, `${path}/transitions`, { body: { transition: { id: '31' }, update } });
      await until('done', () => received.length === 5);
      const told = received.filter((one) => one.body.webhookEvent === 'jira:issue_updated').map((one) => one.body);
      expect(told).toMatchObject([
        { issue_event_type_name: 'issue_updated', changelog: { items: [{ field: 'summary' }] } },
        { issue_event_type_name: 'issue_generic', changelog: { items: [{ field: 'status' }, {}] } },
      ]);
      for (const [index, body] of told.entries()) {
        expect([body.comment.body, body.issue.fields.comment.total]).toEqual(['why', index + 1]);
        expect(Date.parse(body.issue.fields.updated)).toBeGreaterThanOrEqual(Date.parse(body.comment.created));
      }
      expect(received.filter((one) => one.body.webhookEvent === 'comment_created')).toHaveLength(2);
    });
  });

  test('from 10 on a secret signs the raw body', async () => {
    await withSimulator({ version: '10.4.0' }, async (simulator) => {
      await call(simulator, '/rest/jira-webhook/1.0/webhooks', {
        body: { name: 'x', url: target, events: EVENTS, secret: 's3' },
      });
      await newIssue(simulator);
      await until('created', () => received.length === 1);
      const [delivery] = received;
      const expected = createHmac('sha256', 's3')
        .update(delivery?.text ?? '')
        .digest('hex');
      expect(delivery?.headers['x-hub-signature']).toBe(`sha256=${expected}`);
    });
  });

  test('deliveries can be lost or doubled', async () => {
    await withSimulator({}, async (simulator) => {
      await call(simulator, '/rest/webhooks/1.0/webhook', {
        body: { name: 'x', url: target, events: ['jira:issue_created'] },
      });
      await simulator.control.setWebhookFaults({ lost: 1 });
      await newIssue(simulator);
      expect((await simulator.control.deliveries()).map((one) => one.state)).toEqual(['lost']);
      await simulator.control.setWebhookFaults({ doubled: 1 });
      await newIssue(simulator);
      await until('twice', () => received.length === 2);
      expect(received[0]?.text).toBe(received[1]?.text);
    });
  });
});
