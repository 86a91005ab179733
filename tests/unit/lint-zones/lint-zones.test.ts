import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One file for each line: where it lies, and what it contains. */
const refused: ReadonlyArray<readonly [file: string, code: string, rule: string]> = [
  ['src/kernel/a.ts', `import '#/engine/x.ts';`, 'no-restricted-imports'],
  ['src/kernel/b.ts', `import 'zod';`, 'no-restricted-imports'],
  ['src/engine/merge/a.ts', `import '#/db/client.ts';`, 'no-restricted-imports'],
  ['src/engine/merge/b.ts', `import '../../jira/client.ts';`, 'no-restricted-imports'],
  ['src/engine/merge/c.ts', `import 'next/server';`, 'no-restricted-imports'],
  ['src/engine/d.ts', `import 'node:http';`, 'no-restricted-imports'],
  ['src/engine/e.ts', `import '@prisma/client';`, 'no-restricted-imports'],
  ['src/engine/f.ts', `import '#/env.ts';`, 'no-restricted-imports'],
  ['src/observability/a.ts', `import '#/services/x.ts';`, 'no-restricted-imports'],
  ['src/jira/a.ts', `import '#/services/x.ts';`, 'no-restricted-imports'],
  ['src/jira/b.ts', `import '#/db/client.ts';`, 'no-restricted-imports'],
  ['src/peer/a.ts', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/peer/b.ts', `import { x } from '#/services/twin/x.ts'; x();`, 'no-restricted-imports'],
  ['src/mail/a.ts', `import '#/db/client.ts';`, 'no-restricted-imports'],
  ['src/mail/b.ts', `import { x } from '#/services/twin/x.ts'; x();`, 'no-restricted-imports'],
  ['src/services/f.ts', `import '#/mail/smtp-mailer.ts';`, 'no-restricted-imports'],
  ['src/worker/c.ts', `import '#/mail/smtp-mailer.ts';`, 'no-restricted-imports'],
  ['src/db/a.ts', `import '#/services/x.ts';`, 'no-restricted-imports'],
  ['src/queue/a.ts', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/services/twin/a.ts', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/services/twin/b.ts', `import '../../peer/x.ts';`, 'no-restricted-imports'],
  ['src/services/twin/c.ts', `import 'next/headers';`, 'no-restricted-imports'],
  ['src/ui/a.tsx', `import { x } from '#/services/x.ts'; x();`, 'no-restricted-imports'],
  ['src/ui/b.tsx', `import '#/server/session.ts';`, 'no-restricted-imports'],
  ['src/app/a.tsx', `import '#/db/client.ts';`, 'no-restricted-imports'],
  ['src/app/(console)/queue/b.tsx', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/app/c.tsx', `import 'pg';`, 'no-restricted-imports'],
  ['src/server/a.ts', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/server/b.ts', `import { x } from '#/db/client.ts'; x();`, 'no-restricted-imports'],
  ['src/worker/a.ts', `import '#/server/container.ts';`, 'no-restricted-imports'],
  ['src/worker/b.ts', `import '#/jira/index.ts';`, 'no-restricted-imports'],
  ['src/services/d.ts', `import '../../simulator/index.ts';`, 'no-restricted-imports'],
  ['simulator/a.ts', `import '../src/kernel/clock.ts';`, 'no-restricted-imports'],
  ['simulator/b.ts', `import '#/kernel/clock.ts';`, 'no-restricted-imports'],
  ['src/services/e.ts', `export const home = process.env.HOME;`, 'no-process-env'],
  ['src/engine/g.ts', `export const home = process.env.HOME;`, 'no-process-env'],
];

const accepted: ReadonlyArray<readonly [file: string, code: string]> = [
  ['src/kernel/ok.ts', `import 'node:crypto';`],
  ['src/engine/merge/ok.ts', `import '#/kernel/assert-never.ts';`],
  ['src/jira/ok.ts', `import '#/engine/ports.ts'; import 'undici';`],
  ['src/services/twin/ok.ts', `import '#/db/client.ts'; import '../queue/list-queue.ts';`],
  ['src/mail/ok.ts', `import '#/services/notification/mailer.ts'; import 'nodemailer';`],
  ['src/ui/ok.tsx', `import type { X } from '#/services/x.ts'; export type Y = X;`],
  ['src/app/ok.tsx', `import '#/services/x.ts'; import '#/server/session.ts'; import '#/ui/x.tsx';`],
  ['src/server/container.ts', `import '#/jira/index.ts';`],
  ['src/worker/main.ts', `import '#/jira/index.ts';`],
  ['src/env.ts', `export const home = process.env.HOME;`],
];

const reportSchema = z.object({ diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })) });
let folder = '';
let found: ReadonlyArray<{ filename: string; code: string }> = [];

/** In a copy of the folders, since a planted file in the real ones would be seen by everything else that runs. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-zones-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, code] of [...refused, ...accepted]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\nexport {};\n`);
  }
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const report = reportSchema.safeParse(JSON.parse(stdout || 'null'));
  if (!report.success) throw new Error(`oxlint gave no report: ${stdout}${stderr}`);
  found = report.data.diagnostics;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rulesBrokenIn(file: string): string[] {
  return found.filter(({ filename }) => filename === file).map(({ code }) => code);
}

describe('the import zones', () => {
  it.each(refused)('refuse in %s: %s', (file, _code, rule) => {
    expect(rulesBrokenIn(file)).toContainEqual(expect.stringContaining(rule));
  });

  it.each(accepted)('accept in %s: %s', (file) => {
    expect(rulesBrokenIn(file).filter((code) => /restricted-imports|process-env/.test(code))).toEqual([]);
  });
});
