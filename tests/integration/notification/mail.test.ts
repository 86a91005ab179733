import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#/engine/fault/faults.ts';
import type { FaultCode } from '#/engine/fault/faults.ts';
import { recordFault } from '#/services/error/record-fault.ts';
import { retryError } from '#/services/error/retry-error.ts';
import { ServiceError } from '#/services/errors.ts';
import { getNotifications, saveNotifications } from '#/services/notification/notifications.ts';
import { sendDueMail } from '#/services/notification/send-due-mail.ts';
import { sendTestMail } from '#/services/notification/send-test-mail.ts';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { useDatabase } from '../../support/database.ts';
import { nodeEnvironment, startNode } from '../../support/node-under-test.ts';
import type { NodeUnderTest } from '../../support/node-under-test.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';
import type { SmtpServer } from '../../support/smtp-server.ts';
import { waitFor } from '../../support/wait-for.ts';

const database = useDatabase();
const password = 'p@ss word/with:all%of#it';
const recipients = 'ops@company.example, lead@company.example';
const settings = {
  recipients,
  impacts: ['node', 'connection', 'trigger', 'issue'] as ('node' | 'issue')[],
  everyMinutes: 60 as const,
};

let smtp: SmtpServer;
let jira: Simulator;
let node: NodeUnderTest;
let usedUrl = '';

function smtpUrl(login = ''): string {
  return `smtp://${login}127.0.0.1:${smtp.port}`;
}

async function restart(url: string, worker = false): Promise<void> {
  await node.stop();
  usedUrl = url;
  node = await startNode({ ...options(), worker, settings: { SMTP_URL: url } });
}

function options() {
  return { databaseUrl: database.url, jiraUrl: jira.url, name: 'Company A', worker: false };
}

function plain(): boolean {
  return usedUrl === smtpUrl();
}

/** What a worker does, without the seconds in which errors are gathered. */
const send = (): Promise<boolean> => sendDueMail(node.node.ctx, { gatherMs: 0, leaseSeconds: 2 });

function fail(code: FaultCode, detail = 'A detail of an issue.', twinId: string | null = null): Promise<void> {
  return recordFault(node.node.ctx, new Fault(code, detail), { twinId, connectionId: null });
}

/** As if so much time had passed since the last mail and the last try. */
async function later(minutes: number): Promise<void> {
  await database.db.$executeRaw`UPDATE notice SET "toldAt" = "toldAt" - make_interval(mins => ${minutes})`;
  await database.db.$executeRaw`UPDATE node SET "mailRetryAt" = "mailRetryAt" - make_interval(mins => ${minutes})`;
}

async function openErrors(): Promise<string[]> {
  const rows = await database.db.syncError.findMany({ where: { resolvedAt: null }, orderBy: { code: 'asc' } });
  return rows.map(({ code }) => code);
}

beforeAll(async () => {
  smtp = await startSmtpServer();
  jira = await startSimulator({ port: 0, seed: 'empty' });
  usedUrl = smtpUrl();
  node = await startNode({ ...options(), settings: { SMTP_URL: usedUrl } });
});
afterAll(async () => {
  await node.stop();
  await jira.stop();
  await smtp.stop();
});
beforeEach(async () => {
  await saveNotifications(node.ctx, settings);
});
afterEach(async () => {
  if (!plain()) await restart(smtpUrl());
  await database.db.notice.deleteMany();
  await database.db.syncError.deleteMany();
  await database.db.connection.deleteMany();
  (smtp.mails as unknown[]).length = 0;
  (smtp.reached as unknown[]).length = 0;
  Object.assign(smtp, { credentials: null, silentAt: null, refuse: {} });
});

describe('an error', () => {
  it('is mailed with cause, remedy and a link, to all recipients, and without what the issue contains', async () => {
    await fail('jira_credentials_refused', 'Secret words of an issue.');
    expect(await send()).toBe(true);
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual(['ops@company.example', 'lead@company.example']);
    expect(mail?.headers.get('subject')).toEqual(['Exalate, Company A: The own Jira refuses the proxy user.']);
    expect(mail?.headers.get('auto-submitted')).toEqual(['auto-generated']);
    const error = await database.db.syncError.findFirstOrThrow();
    expect(mail?.text).toContain('Cause:      The password or token is wrong, expired or revoked');
    expect(mail?.text).toContain('What to do: Give valid credentials');
    expect(mail?.text).toContain(`${node.url}/errors?error=${error.id}`);
    expect(mail?.source).not.toContain('Secret words');
    expect((await getNotifications(node.ctx)).sentAt).not.toBeNull();
  });

  it('is mailed by a running worker, without anyone asking', async () => {
    await restart(smtpUrl(), true);
    await fail('partner_unreachable');
    await database.db.$executeRaw`UPDATE notice SET "pendingSince" = now() - interval '1 minute'`;
    await waitFor('the mail', () => smtp.mails.length === 1, { timeoutMs: 20_000 });
    await restart(smtpUrl());
  });

  it('that healed before its mail went out is not mailed, nor one of an impact that nobody wants', async () => {
    await fail('jira_unreachable');
    await database.db.syncError.updateMany({ data: { resolvedAt: new Date() } });
    await saveNotifications(node.ctx, { ...settings, impacts: ['node'] });
    await fail('jira_invalid');
    expect(await send()).toBe(false);
    expect(smtp.reached).toEqual([]);
  });

  it('leaves nothing to be sent while there are no recipients', async () => {
    await saveNotifications(node.ctx, { ...settings, recipients: '' });
    await fail('jira_unreachable');
    expect(await database.db.notice.count()).toBe(0);
  });
});

describe('many errors', () => {
  it('of one kind are one paragraph of one mail, and no second one within the interval', async () => {
    const { id: connectionId } = await connection('Company B');
    const twins = Array.from({ length: 40 }, (_one, index) => ({
      id: node.node.ctx.ids.uuid(),
      uid: node.node.ctx.ids.uuid(),
      connectionId,
      localIssueKey: `TEST-${index + 1}`,
      exalatedBy: 'admin',
    }));
    await database.db.twin.createMany({ data: twins });
    for (let round = 0; round < 3; round += 1)
      for (const { id } of twins)
        await recordFault(node.node.ctx, new Fault('required_fields', 'x'), { twinId: id, connectionId });
    expect(await send()).toBe(true);
    await recordFault(node.node.ctx, new Fault('required_fields', 'x'), { twinId: twins[0]?.id ?? null, connectionId });
    await fail('jira_invalid');
    expect(await send()).toBe(false);
    expect(smtp.mails).toHaveLength(1);
    const text = smtp.mails[0]?.text ?? '';
    expect(text.match(/Cause:/g)).toHaveLength(1);
    expect(text).toMatch(/TEST-\d+(, TEST-\d+){4} and 35 more issues, connection "Company B"/);
    expect(text).toContain('120 times');

    await later(61);
    expect(await send()).toBe(true);
    expect(smtp.mails[1]?.text).toContain('2 problems need attention');
    expect(await send()).toBe(false);
  });

  it('sent by two workers at once are one mail', async () => {
    await fail('jira_unreachable');
    await Promise.all([send(), send(), send()]);
    expect(smtp.mails).toHaveLength(1);
  });

  it('do not hold back what stops the whole node', async () => {
    await fail('jira_invalid');
    expect(await send()).toBe(true);
    await fail('no_issue_type');
    expect(await send()).toBe(false);
    await fail('jira_credentials_refused');
    expect(await send()).toBe(true);
    expect(smtp.mails).toHaveLength(2);
  });
});

describe('a mail server', () => {
  it('that is down is tried again with pauses, shown in the console, and gets the mail when it is back', async () => {
    const { port } = smtp;
    await smtp.stop();
    await fail('jira_unreachable');
    expect(await send()).toBe(false);
    expect(await openErrors()).toEqual(['jira_unreachable', 'mail_unreachable']);
    const shown = await getNotifications(node.ctx);
    expect(shown.problem).toMatchObject({
      summary: 'The mail server cannot be reached.',
      why: `127.0.0.1:${port} could not be reached: nothing accepts connections there.`,
    });
    const waits = (shown.problem?.retryAt?.getTime() ?? 0) - Date.now();
    expect(waits).toBeGreaterThan(20_000);

    smtp = await startSmtpServer(port);
    expect(await send()).toBe(false);
    expect(smtp.reached).toEqual([]);
    const error = await database.db.syncError.findFirstOrThrow({ where: { code: 'mail_unreachable' } });
    await retryError(node.ctx, { id: error.id });
    expect(await send()).toBe(true);
    expect(smtp.mails).toHaveLength(1);
    expect(await openErrors()).toEqual(['jira_unreachable']);
    expect((await getNotifications(node.ctx)).problem).toBeNull();
  });

  it('that waits longer each time is waited for longer', async () => {
    smtp.refuse = { MAIL: '451 4.3.0 Try later' };
    await fail('jira_unreachable');
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      await send();
      const { mailRetryAt } = await database.db.node.findUniqueOrThrow({ where: { id: 1 } });
      waits.push((mailRetryAt?.getTime() ?? 0) - Date.now());
      await later(600);
    }
    expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
    expect(await database.db.syncError.count({ where: { code: 'mail_address_refused', count: 3 } })).toBe(1);
  });

  it('that refuses the password says so, and the password is nowhere', async () => {
    smtp.credentials = { user: 'exalate', password: 'another one' };
    await restart(smtpUrl(`exalate:${encodeURIComponent(password)}@`));
    await fail('jira_unreachable');
    expect(await send()).toBe(false);
    expect(await openErrors()).toEqual(['jira_unreachable', 'mail_login_refused']);
    const { problem } = await getNotifications(node.ctx);
    expect(problem?.why).toBe(`127.0.0.1:${smtp.port} refused user name and password (it answered 535).`);
    const refused = await sendTestMail(node.ctx).then(
      () => null,
      (error: unknown) => (error instanceof ServiceError ? error : null),
    );
    expect(refused?.summary).toBe('The mail server refuses user name and password.');
    expect(refused?.why).not.toContain('p@ss');
    expect(JSON.stringify(await database.db.syncError.findMany())).not.toContain('p@ss');

    smtp.credentials = { user: 'exalate', password };
    expect((await sendTestMail(node.ctx)).recipients).toHaveLength(2);
    expect(smtp.mails[0]?.user).toBe('exalate');
    expect(await openErrors()).toEqual(['jira_unreachable']);
    expect(await send()).toBe(true);
  });

  it('that has no TLS never gets the password, unless it is on this machine', async () => {
    smtp.credentials = { user: 'exalate', password };
    // A name of this machine that is not one of the three that are known to be it.
    await restart(`smtp://exalate:${encodeURIComponent(password)}@[::ffff:127.0.0.1]:${smtp.port}`);
    await expect(sendTestMail(node.ctx)).rejects.toMatchObject({
      summary: 'The mail server offers no connection that can be trusted.',
    });
    expect(smtp.reached).not.toContain('AUTH');
    expect(smtp.mails).toEqual([]);
  });

  it('that refuses the sender, a recipient or the text gets its own explanation', async () => {
    for (const [refuse, summary, why] of [
      [{ MAIL: '553 5.1.8 No such sender' }, 'The mail server refuses an address.', 'refused the sender'],
      [{ RCPT: '550 5.1.1 No such user' }, 'The mail server refuses an address.', 'refused the recipients'],
      [{ text: '554 5.7.1 Spam' }, 'The mail server refuses an e-mail.', 'refused the e-mail (it answered 554)'],
    ] as const) {
      smtp.refuse = refuse;
      await expect(sendTestMail(node.ctx)).rejects.toMatchObject({
        summary,
        why: expect.stringContaining(why) as unknown,
      });
    }
  });

  it('that refused the text has told nobody: the mail is sent again', async () => {
    smtp.refuse = { text: '451 4.7.1 Greylisted' };
    await fail('jira_unreachable');
    expect(await send()).toBe(false);
    smtp.refuse = {};
    await later(59);
    expect(await send()).toBe(true);
  });
});

describe('a process that is killed', () => {
  async function killedWhen(silentAt: 'RCPT' | 'text'): Promise<void> {
    smtp.silentAt = silentAt;
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../support/send-mail-once.ts', import.meta.url))],
      {
        env: { ...process.env, ...nodeEnvironment(options(), node.url), SMTP_URL: smtpUrl() },
        stdio: 'inherit',
      },
    );
    await waitFor(`the mail server to see ${silentAt}`, () => smtp.reached.includes(silentAt), { timeoutMs: 30_000 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    smtp.silentAt = null;
  }

  it('before the text was handed over loses nothing', async () => {
    await fail('jira_unreachable');
    await killedWhen('RCPT');
    await waitFor('another process to send it', send, { timeoutMs: 20_000 });
    expect(smtp.mails).toHaveLength(1);
  });

  it('after the text was handed over makes no second mail within the interval', async () => {
    await fail('jira_unreachable');
    await killedWhen('text');
    expect(smtp.mails).toHaveLength(1);
    await waitFor('its lease to end', async () => {
      const lease = await database.db.loopLease.findUniqueOrThrow({ where: { name: 'mail' } });
      return lease.leaseUntil.getTime() < Date.now();
    });
    await fail('jira_unreachable');
    expect(await send()).toBe(false);
    expect(smtp.mails).toHaveLength(1);
    await later(61);
    expect(await send()).toBe(true);
  });
});

describe('names that somebody else chose', () => {
  it('cannot add headers, recipients, lines or a turned direction', async () => {
    const name = 'Evil\r\nBcc: thief@evil.example\r\nSubject: owned\r\n\r\n.\r\nMAIL FROM:<x@y>\u202e';
    const { id: connectionId } = await connection(name);
    const twin = await database.db.twin.create({
      data: {
        id: node.node.ctx.ids.uuid(),
        uid: node.node.ctx.ids.uuid(),
        connectionId,
        localIssueKey: 'TEST-1\r\nX-Injected: yes',
        exalatedBy: 'admin',
      },
    });
    const scope = { twinId: twin.id, connectionId };
    await recordFault(node.node.ctx, new Fault('jira_invalid', name), scope);
    const evil = { ...node.node.ctx, node: { ...node.node.ctx.node, name } };
    expect(await sendDueMail(evil, { gatherMs: 0 })).toBe(true);
    const [mail] = smtp.mails;
    expect(smtp.mails).toHaveLength(1);
    expect(mail?.to).toEqual(['ops@company.example', 'lead@company.example']);
    expect([...(mail?.headers.keys() ?? [])].toSorted()).toEqual([
      'auto-submitted',
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(mail?.headers.get('subject')).toHaveLength(1);
    expect(mail?.text).toContain('connection "Evil Bcc: thief@evil.example Subject: owned . MAIL FROM:<x@y>"');
    expect(mail?.text).not.toMatch(/^(Bcc|Subject|X-Injected|MAIL FROM):/im);
    expect(mail?.text).not.toContain('\u202e');
  });
});

describe('the settings', () => {
  it.each([
    ['recipients', { recipients: 'not an address' }],
    ['recipients', { recipients: 'a@b.example\r\nBcc: c@d.example' }],
    ['recipients', { recipients: '"x y"@b.example' }],
    ['recipients', { recipients: Array.from({ length: 21 }, (_one, i) => `a${i}@b.example`).join(' ') }],
    ['from', { from: 'a@b.example>\r\nRCPT TO:<c@d.example' }],
  ])('refuse %s: %j', async (field, wrong) => {
    const input = { ...settings, ...wrong };
    await expect(saveNotifications(node.ctx, input)).rejects.toMatchObject({ code: 'invalid_input', field });
  });

  it('are for administrators only', async () => {
    for (const work of [
      () => getNotifications(node.node.ctx),
      () => saveNotifications(node.node.ctx, settings),
      () => sendTestMail(node.node.ctx),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('use the sender that is set', async () => {
    await saveNotifications(node.ctx, { ...settings, from: 'jira@company.example' });
    await sendTestMail(node.ctx);
    expect(smtp.mails[0]?.from).toBe('jira@company.example');
    expect(smtp.mails[0]?.headers.get('from')).toEqual(['Exalate <jira@company.example>']);
  });
});

function connection(name: string) {
  const { ids } = node.node.ctx;
  return database.db.connection.create({
    data: {
      id: ids.uuid(),
      uid: ids.uuid(),
      side: 'initiator',
      name,
      type: 'public',
      status: 'active',
      projectId: '1',
      projectKey: 'TEST',
      projectName: 'Test',
      rules: {},
      createdBy: 'admin',
    },
  });
}
