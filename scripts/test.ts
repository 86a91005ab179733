/**
 * `npm test`: everything there is to check, in the order of how quickly it fails. Goes on after a failure, so that
 * one run tells all; ends with a line `N passed, N failed` and exit code 1 when anything was wrong. A check counts
 * only when it fails. `--only check,unit,contract,integration,e2e` runs a part.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './find-chromium.ts';
import { endOnFailure, textOf } from './lib/end-on-failure.ts';
import { projectRoot } from './lib/owned-process.ts';
import { readCounts, type TestCounts } from './lib/test-results.ts';

const parts = ['check', 'unit', 'contract', 'integration', 'e2e'] as const;
type Part = (typeof parts)[number];

const checks = [
  { name: 'format', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint'] },
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js'] },
];

await endOnFailure(async () => {
  const selected = selectedParts();
  const reports = await mkdtemp(join(tmpdir(), 'exalate-test-'));
  const failures: string[] = [];
  const total: TestCounts = { passed: 0, failed: 0 };
  const add = (name: string, { passed, failed }: TestCounts, code: number): void => {
    total.passed += passed;
    // A run may fail without a failing test, for instance by an error outside of all of them.
    total.failed += code !== 0 && failed === 0 ? 1 : failed;
    if (code !== 0) failures.push(name);
  };

  if (selected.has('check'))
    for (const { name, command } of checks) add(name, { passed: 0, failed: 0 }, await step(name, command));

  const projects = parts.filter((part) => part !== 'check' && part !== 'e2e' && selected.has(part));
  if (projects.length) {
    const report = join(reports, 'vitest.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const select = projects.flatMap((project) => ['--project', project]);
    const code = await step(projects.join(', '), ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...select]);
    add(projects.join(', '), await readCounts('vitest', report), code);
  }

  if (selected.has('e2e')) {
    const built = await step('build', ['scripts/build.ts']);
    add('build', { passed: 0, failed: 0 }, built);
    if (built === 0) await browserTests(reports, add);
  }

  await rm(reports, { recursive: true, force: true });
  console.log(failures.length ? `\nFailed: ${failures.join('; ')}` : '\nAll is well.');
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = failures.length ? 1 : 0;
});

async function browserTests(
  reports: string,
  add: (name: string, counts: TestCounts, code: number) => void,
): Promise<void> {
  const none = { passed: 0, failed: 0 };
  let browser: string;
  try {
    browser = await findChromium();
  } catch (error) {
    console.error(textOf(error));
    return add('browser', none, 1);
  }
  const report = join(reports, 'playwright.json');
  const env = { CHROMIUM_PATH: browser, E2E_RESULTS: report };
  const code = await step('browser tests', ['node_modules/@playwright/test/cli.js', 'test'], env);
  add('browser tests', await readCounts('playwright', report), code);
}

/** Runs one step with its output shown; answers with its exit code. */
async function step(
  name: string,
  [script = '', ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  console.log(`\n== ${name}`);
  const child = spawn(process.execPath, [script, ...args], {
    cwd: projectRoot,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  await once(child, 'close');
  process.off('SIGTERM', forward).off('SIGINT', forward);
  if (child.signalCode !== null) throw new Error(`Ended by ${child.signalCode}.`);
  return child.exitCode ?? 1;
}

function selectedParts(): ReadonlySet<Part> {
  const index = process.argv.indexOf('--only');
  if (index === -1) return new Set(parts);
  const names = (process.argv[index + 1] ?? '').split(',');
  const selected = parts.filter((part) => names.includes(part));
  if (selected.length !== names.length) throw new Error(`--only takes a list of ${parts.join(', ')}.`);
  return new Set(selected);
}
