import { readFile } from 'node:fs/promises';
import { connectCompanies, disconnect, newIssue } from './connected.ts';
import { expect, test } from './fixtures.ts';

test('pairs come from a CSV file that a spreadsheet made; bad lines never stop the others', async ({
  a,
  b,
  signedIn,
}) => {
  test.slow();
  const admin = await signedIn(a);
  const adminB = await signedIn(b);
  const connection = await connectCompanies(admin, adminB);
  const [here, there] = [await newIssue(a, 'TEST', { summary: 'Connected' }), await newIssue(b, 'DEV')];
  const [lonely, single] = [await newIssue(a, 'TEST'), await newIssue(a, 'TEST', { summary: 'By hand' })];
  const byHand = await newIssue(b, 'DEV');

  await test.step('every line is checked', async () => {
    await admin.goto(`${a.url}/bulk-connect`);
    await expect(admin.getByRole('heading', { name: 'Bulk Connect', level: 1 })).toBeVisible();
    await admin.getByRole('combobox', { name: 'Connection' }).selectOption({ label: connection });
    const lines = [
      'local key;remote key;note',
      `"${here.toLowerCase()}";"${there}";"said ""hello""; then left"`,
      `${here};DEV-9000;twice`,
      '',
      'TES T-1;DEV-1;a space',
      'TEST-98765;DEV-9001;nobody knows it',
      `${lonely};DEV-98765;unknown over there`,
      'TEST-4',
    ];
    await admin.getByLabel('CSV file').setInputFiles({
      name: 'pairs of ours.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`),
    });
    const preview = admin.getByRole('region', { name: 'Preview' });
    await expect(preview).toContainText('6 lines with semicolons and a header: 2 can be connected, 4 cannot.');
    await expect(preview.getByRole('row').filter({ hasText: 'DEV-9000' })).toContainText('is already in line 2');
    await expect(preview.getByRole('row').filter({ hasText: 'TES T-1' })).toContainText('is not an issue key');
    await expect(preview.getByRole('row').filter({ hasText: 'TEST-98765' })).toContainText('does not exist here');
    await preview.getByRole('checkbox', { name: 'Only errors' }).check();
    await expect(preview.getByRole('rowheader')).toHaveCount(4);
  });

  await test.step('too many lines, none, and what is no CSV are refused with a reason', async () => {
    const choose = (name: string, text: string | Buffer) =>
      admin.getByLabel('CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    const alert = admin.getByRole('alert').first();
    await choose('many.csv', Array.from({ length: 10_001 }, (_line, i) => `TEST-${i + 1},DEV-${i + 1}`).join('\n'));
    await expect(alert).toContainText('more than 10,000 pairs', { timeout: 30_000 });
    await expect(alert).toContainText('Divide them into several parts');
    await choose('empty.csv', '\uFEFF\r\n ; \r\n');
    await expect(alert).toContainText('There are no pairs in this file or text.');
    await choose('picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff, 0xfe, 0x0d, 0x0a]));
    await expect(admin.getByRole('button', { name: /^Connect [1-9]/ })).toHaveCount(0);
    await choose('pairs of ours.csv', `${here},${there}\n${lonely},DEV-98765\n`);
    await expect(admin.getByRole('region', { name: 'Preview' })).toContainText('2 can be connected');
  });

  await test.step('the good ones are connected once, with progress and a result', async () => {
    const tab = await admin.context().newPage();
    await tab.goto(`${a.url}/bulk-connect`);
    await tab.getByRole('combobox', { name: 'Connection' }).selectOption({ label: connection });
    await tab.getByRole('textbox', { name: 'Or paste the pairs' }).fill(`${here},${there}\n${lonely},DEV-98765\n`);
    await tab.getByRole('button', { name: 'Check the lines' }).click();
    const starts = [admin, tab].map((page) => page.getByRole('button', { name: 'Connect 2 pairs' }));
    for (const start of starts) await expect(start).toBeVisible();
    // Two tabs at once make one run; the later one says so.
    await Promise.all(starts.map((start) => start.click()));
    const said = (text: string) => async (): Promise<number> =>
      (await Promise.all([admin, tab].map((page) => page.getByText(text).count()))).reduce((sum, n) => sum + n);
    await expect.poll(said('A bulk connect of this connection is under way already')).toBe(1);
    await tab.close();
    await expect(admin.getByRole('progressbar', { name: 'Done: 1 of 2 pairs' })).toBeVisible({ timeout: 30_000 });
    await expect(admin.getByText('1 failed')).toBeVisible({ timeout: 30_000 });
    await admin.reload();
    const [download] = await Promise.all([
      admin.waitForEvent('download'),
      admin.getByRole('link', { name: 'Result (CSV)' }).click(),
    ]);
    const result = await readFile(await download.path(), 'utf8');
    expect(result).toContain(`${here},${there},connected,`);
    expect(result).toContain(`${lonely},DEV-98765,failed,`);
    expect((await b.issue(there)).summary).toBe('Connected');
  });

  await test.step('two issues are connected by hand as well', async () => {
    await admin.goto(`${a.url}/status?key=${single}`);
    await admin.getByRole('row').filter({ hasText: connection }).getByRole('button', { name: 'Connect' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Connect' });
    await expect(dialog.getByRole('textbox', { name: 'Local issue key' })).toHaveValue(single);
    const remote = dialog.getByRole('textbox', { name: 'Remote issue key' });
    for (const wrong of ['DEV 1', 'DEV-98765', there]) {
      await remote.fill(wrong);
      await dialog.getByRole('button', { name: 'Connect' }).click();
      await expect(dialog.getByRole('alert')).toBeVisible();
    }
    await remote.fill(` ${byHand.toLowerCase()} `);
    await dialog.getByRole('radio', { name: 'The local issue wins' }).check();
    await dialog.getByRole('button', { name: 'Connect' }).click();
    const status = admin.getByRole('region', { name: 'Sync status' });
    await expect(status.getByRole('status')).toContainText('Synchronized', { timeout: 30_000 });
    await expect.poll(async () => (await b.issue(byHand)).summary).toBe('By hand');
  });

  await disconnect(admin);
  await disconnect(adminB);
});
