import { withDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';

test('who gets e-mail about errors is set in General Settings, tried out, and its failure explained', async ({
  a,
  signedIn,
}) => {
  const admin = await signedIn(a);
  await admin.goto(`${a.url}/settings#notifications`);
  const form = admin.locator('#notifications');
  const recipients = form.getByRole('textbox', { name: 'Recipients' });
  await expect(form.getByText(`127.0.0.1:${a.mail.port} (SMTP_URL)`)).toBeVisible();
  await expect(form.getByRole('button', { name: 'Send test e-mail' })).toHaveCount(0);

  // What is typed before the page has come to life does not count.
  await expect(async () => {
    await recipients.fill('ops@company.example, nobody');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form.getByRole('alert')).toContainText('"nobody" is not an e-mail address.', { timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
  await expect(recipients).toHaveAttribute('aria-invalid', 'true');

  await recipients.fill('ops@company.example; lead@company.example');
  await form.getByRole('textbox', { name: 'Sender' }).fill('jira@company.example');
  await form.getByRole('checkbox', { name: 'Errors of an issue' }).uncheck();
  await form.getByRole('combobox', { name: 'The same error at most once per' }).selectOption({ label: '4 hours' });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByRole('status').filter({ hasText: 'Notifications are saved' })).toBeVisible();
  await admin.reload();
  await expect(recipients).toHaveValue('ops@company.example, lead@company.example');
  await expect(form.getByRole('checkbox', { name: 'Errors of an issue' })).not.toBeChecked();
  await expect(form.getByRole('combobox')).toHaveValue('240');

  await form.getByRole('button', { name: 'Send test e-mail' }).click();
  await expect(
    admin.getByRole('status').filter({ hasText: 'A test e-mail was sent to ops@company.example' }),
  ).toBeVisible();
  expect(a.mail.mails.at(-1)).toMatchObject({
    from: 'jira@company.example',
    to: ['ops@company.example', 'lead@company.example'],
  });

  a.mail.refuse = { RCPT: '550 5.1.1 No such user' };
  await form.getByRole('button', { name: 'Send test e-mail' }).click();
  const alert = admin.getByRole('alert').filter({ hasText: 'The mail server refuses an address.' });
  await expect(alert).toContainText('Correct sender and recipients');
  a.mail.refuse = {};

  await test.step('it is in the audit log', async () => {
    await admin.goto(`${a.url}/audit`);
    await expect(admin.getByRole('row').filter({ hasText: 'Changed who gets e-mail about errors' })).toContainText(
      'lead@company.example',
    );
  });

  await withDatabase(a, (client) => client.query('UPDATE node SET "notifyEmail" = NULL, "notifyFrom" = NULL'));
});
