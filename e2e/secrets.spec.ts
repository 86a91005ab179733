import { randomUUID } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../scripts/lib/owned-process.ts';
import { createSecretBox } from '../src/kernel/secret-box.ts';
import { builtPages } from './attack-surface.ts';
import { cookieOf, trySignIn } from './attackers.ts';
import { acceptInvitation } from './connect.ts';
import { everyRow, withDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';
import { connectionIn, deleteConnection, development, exalate, initiateDialog, invite, testProject } from './wizard.ts';

test('after a whole journey no secret is in logs, database, events, pages or what browsers load', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  const partner = await signedIn(b);
  const events = await listenToEvents(a, page);
  const { id, code } = await invite(page, b.url, testProject);
  await initiateDialog(page).getByRole('button', { name: 'Done' }).click();
  await acceptInvitation(partner, code, development);
  await expect(partner.getByText('Connection established successfully')).toBeVisible();
  const other = connectionIn(partner);
  const planted = `planted-in-sign-in-${randomUUID()}`;
  const said = await trySignIn(a, { username: 'nobody-of-this-name', password: planted, from: '203.0.113.200' });
  expect(said).toContain('password is wrong');
  await exalate(page, id, 'TEST-2');

  const channelKey = await withDatabase(a, async (client) => {
    const { rows } = await client.query<{ channelKey: string }>('SELECT "channelKey" FROM connection WHERE id = $1', [
      id,
    ]);
    return createSecretBox(a.secrets.encryptionKey).open(rows[0]?.channelKey ?? '', `connection/channelKey/${id}`);
  });
  const { invitationSecret } = JSON.parse(Buffer.from(code, 'base64').toString('utf8')) as { invitationSecret: string };
  const secrets: Record<string, string> = {
    'password of the proxy user': a.secrets.jiraPassword,
    'its Authorization header': Buffer.from(`exalate:${a.secrets.jiraPassword}`).toString('base64'),
    'encryption key': a.secrets.encryptionKey,
    'session secret': a.secrets.nextauthSecret,
    SYNC_TOKEN: a.secrets.syncToken,
    'channel key': channelKey,
    'invitation secret': invitationSecret,
    'invitation code': code.slice(0, 80),
    'password typed at sign-in': planted,
    'session cookie': (await cookieOf(page)).split('=')[1] ?? '',
  };
  for (const [name, value] of Object.entries(secrets)) expect(value.length, name).toBeGreaterThan(20);

  const places: Record<string, string> = {
    'log of A': await readFile(join(a.dataDir, 'node.log'), 'utf8'),
    'log of B': await readFile(join(b.dataDir, 'node.log'), 'utf8'),
    'database of A': await everyRow(a),
    'database of B': await everyRow(b),
    'server-sent events': events.stop(),
    'what browsers load': await staticFiles(),
  };
  for (const { path } of await builtPages()) {
    const url = path.replace('[id]', id);
    places[`page ${path}`] = await (await page.request.get(a.url + url)).text();
  }
  expect(places['server-sent events']).toContain('event: change');
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(secrets))
      expect.soft(text.includes(value), `the ${name} in: ${place}`).toBe(false);
  }
  await deleteConnection(page, id);
  await deleteConnection(partner, other);
});

async function listenToEvents(company: Company, page: Page): Promise<{ stop(): string }> {
  const abort = new AbortController();
  const answer = await fetch(`${company.url}/api/events`, {
    headers: { cookie: await cookieOf(page), 'sec-fetch-site': 'same-origin' },
    signal: abort.signal,
  });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  read().catch(() => undefined);
  return {
    stop() {
      abort.abort();
      return text;
    },
  };
}

async function staticFiles(): Promise<string> {
  const folder = join(projectRoot, '.next', 'static');
  const texts: string[] = [];
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true }))
    if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
  const text = texts.join('\n');
  // Neither server code nor its settings have got into what browsers load.
  for (const word of ['ENCRYPTION_KEY', 'NEXTAUTH_SECRET', 'createCipheriv', 'postgresql://', 'channelKey'])
    expect.soft(text.includes(word), word).toBe(false);
  return text;
}
