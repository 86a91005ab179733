import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { text as textOf } from 'node:stream/consumers';
import { signInForm, trySignIn } from './attackers.ts';
import { withDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';

test('guessing passwords never brings an account to its CAPTCHA', async ({ a }) => {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const username = attempt % 2 === 0 ? 'mei' : 'MEI';
    const said = await trySignIn(a, { username, password: `guess-${attempt}`, from: `203.0.113.${attempt}` });
    expect(said).toMatch(/password is wrong|Too many failed/);
  }
  const asked = await a.jira.control.requests({ last: 500 });
  expect(asked.filter(({ status, user }) => status === 401 && user === 'mei').length).toBeLessThanOrEqual(2);
  const myself = await fetch(`${a.jira.url}/rest/api/2/myself`, {
    headers: { authorization: `Basic ${Buffer.from('mei:mei').toString('base64')}` },
  });
  expect(myself.status).toBe(200);
});

test('who makes up another X-Forwarded-For each time is slowed down like one client', async ({ a }) => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  test.skip(own === undefined, 'This machine has no address but its loopback, where a reverse proxy may be.');
  const { port, host: hostHeader } = new URL(a.url);
  /** As from another machine: the connection does not come from this machine's loopback. */
  const post = async (path: string, headers: Record<string, string>, body: Uint8Array) => {
    const { status, text } = await new Promise<{ status: number; text: Promise<string> }>((resolve, reject) => {
      const asked = request({ host: own, port, path, method: 'POST', headers: { ...headers, host: hostHeader } });
      asked.on('response', (answer) => resolve({ status: answer.statusCode ?? 0, text: textOf(answer) }));
      asked.on('error', reject).end(body);
    });
    return { status, text: await text };
  };
  const madeUp = (n: number): Record<string, string> => ({
    'x-forwarded-for': `203.0.113.${n}`,
    'x-exalate-peer': '::1',
  });

  await test.step('when it guesses invitations', async () => {
    const statuses = new Set<number>();
    const body = Buffer.from(JSON.stringify({ secret: 'A'.repeat(43) }));
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < 40; n += 1)
      statuses.add((await post('/api/node/v1/invitations/peek', { ...headers, ...madeUp(n) }, body)).status);
    expect([...statuses]).toContain(429);
  });

  await test.step('when it tries one account after the other', async () => {
    const answers: string[] = [];
    try {
      for (let n = 0; n < 6; n += 1) {
        const { headers, body } = await signInForm(a, `account-${randomUUID()}`, 'guess');
        const sent = new Response(body);
        const contentType = sent.headers.get('content-type') ?? '';
        const bytes = new Uint8Array(await sent.arrayBuffer());
        answers.push((await post('/login', { ...headers, ...madeUp(n), 'content-type': contentType }, bytes)).text);
      }
      expect(answers[0]).toContain('password is wrong');
      expect(answers.at(-1)).toContain('Too many failed sign-ins');
    } finally {
      await withDatabase(a, (client) => client.query(`DELETE FROM sign_in_throttle WHERE key LIKE 'address:${own}'`));
    }
  });
});
