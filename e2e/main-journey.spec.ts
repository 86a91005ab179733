import { acceptInvitation, chooseProject, exalateFirstIssue } from './connect.ts';
import { expect, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

/** Waits for what a person would see in the other Jira. */
async function shows(
  company: Company,
  key: string,
  look: (issue: Awaited<ReturnType<Company['issue']>>) => boolean,
): Promise<void> {
  await expect.poll(async () => look(await company.issue(key)), { timeout: 15_000 }).toBe(true);
}

let twinKey = '';

test('an admin without access over there connects two companies and syncs the first issue', async ({
  a,
  b,
  signedIn,
}) => {
  const adminA = await signedIn(a);
  const adminB = await signedIn(b);

  await test.step('initiate in company A', async () => {
    await expect(adminA.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
    await expect(
      adminA.getByText(
        'Connection defines synchronization behavior, including communication details, sync rules, and scope.',
      ),
    ).toBeVisible();
    await adminA
      .getByRole('link', { name: 'Initiate connection' })
      .or(adminA.getByRole('button', { name: 'Initiate connection' }))
      .first()
      .click();
    const dialog = adminA.getByRole('dialog', { name: 'Initiate connection' });
    await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(b.url);
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('radio', { name: 'Basic' }).check();
    await expect(dialog.getByRole('radio', { name: 'Visual' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await expect(
      dialog.getByText(
        'By default the following issue data will be synchronized: summary, description, comments, attachments and issue types.',
      ),
    ).toBeVisible();
    await chooseProject(adminA, 'Select Project', 'Tes', 'Test (TEST)');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await expect(dialog.getByText('Do you have admin access to the destination instance?')).toBeVisible();
    await dialog.getByRole('radio', { name: "No, I don't have admin access" }).check();
    await dialog.getByRole('button', { name: 'Initiate' }).click();
    await dialog.getByRole('button', { name: 'Copy invitation code' }).click();
    const code = await dialog.getByRole('textbox', { name: 'Invitation code' }).inputValue();
    expect(JSON.parse(Buffer.from(code, 'base64').toString('utf8'))).toMatchObject({
      nodeInfo: { callbackUrl: a.url },
    });
    expect(await adminA.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(row(adminA)).toContainText('Pending');
    await acceptInvitation(adminB, code, { typed: 'SUP', option: 'Support (SUP)' });
  });

  await test.step('both sides are active, on screen by itself', async () => {
    await expect(adminB.getByText('Connection established successfully')).toBeVisible();
    await expect(row(adminA)).toContainText('Active');
  });

  await test.step('sync the first issue', async () => {
    twinKey = await exalateFirstIssue(adminA, 'TEST-1');
  });

  await test.step('the twin has all of it', async () => {
    const [original, twin] = [await a.issue('TEST-1'), await b.issue(twinKey)];
    expect(twin.project).toBe('SUP');
    expect(twin.summary).toBe(original.summary);
    expect(twin.description).toBe(original.description);
    expect(twin.comments).toHaveLength(3);
    for (const [index, comment] of original.comments.entries())
      expect(twin.comments[index]?.body).toContain(comment.body);
    const files = (issue: typeof twin) => issue.attachments.map(({ filename, sha256 }) => `${filename} ${sha256}`);
    expect(files(twin)).toEqual(files(original));
    expect(original.attachments).toHaveLength(2);
  });
});

for (const webhooks of ['with webhooks', 'with webhooks switched off'] as const) {
  test(`later changes follow in both directions, ${webhooks}`, async ({ a, b }) => {
    const lost = webhooks === 'with webhooks' ? 0 : 1;
    await a.jira.control.setWebhookFaults({ lost });
    await b.jira.control.setWebhookFaults({ lost });
    await a.rest('PUT', '/issue/TEST-1', { fields: { summary: `From A, ${webhooks}` } });
    await shows(b, twinKey, (issue) => issue.summary === `From A, ${webhooks}`);
    await b.rest('POST', `/issue/${twinKey}/comment`, { body: `From B, ${webhooks}` });
    await shows(a, 'TEST-1', (issue) => issue.comments.some(({ body }) => body.includes(`From B, ${webhooks}`)));
    await a.jira.control.setWebhookFaults({});
    await b.jira.control.setWebhookFaults({});
  });
}

test('an issue type that the destination lacks becomes the default type', async ({ a, b, signedIn }) => {
  const { key } = (await a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Improvement' }, summary: 'An improvement' },
  })) as { key: string };
  const admin = await signedIn(a);
  const twin = await exalateFirstIssue(admin, key);
  expect(await b.issue(twin)).toMatchObject({ project: 'SUP', type: 'Task', summary: 'An improvement' });
});

/** The newest connection is the first one. */
function row(page: Page) {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .first();
}
