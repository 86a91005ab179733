/** A short run of scripts/chaos.ts: real processes and PostgreSQL are killed with SIGKILL under load, with fixed seeds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChaosResult } from '../../../scripts/chaos/results.ts';
import { projectRoot } from '../../../scripts/lib/owned-process.ts';

let results = '';

beforeAll(async () => {
  results = await mkdtemp(join(tmpdir(), 'exalate-chaos-results-'));
});

afterAll(() => rm(results, { recursive: true, force: true }));

it('kills, lost answers and outages leave no duplicate, no loss, nothing stale, no echo and nothing over', async () => {
  const load = ['--seed', '11', '--minutes', '0.4', '--issues', '8', '--writes', '20'];
  const options = [...load, '--strike-every', '800-2400', '--results', results];
  const run = spawn(
    process.execPath,
    ['--import', './scripts/lib/end-with-parent.ts', 'scripts/chaos.ts', ...options],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let output = '';
  for (const stream of [run.stdout, run.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = await once(run, 'close');
  expect(code, output).toBe(0);

  const result = JSON.parse(await readFile(join(results, 'runs.jsonl'), 'utf8')) as ChaosResult;
  // A run in which nothing went wrong would prove nothing.
  expect(Object.values(result.kills).reduce((sum, kills) => sum + kills, 0)).toBeGreaterThanOrEqual(5);
  expect(result.lostReplies).toBeGreaterThan(0);
  expect(result.verdict.compared.twins).toBeGreaterThanOrEqual(8);
  expect(result.verdict.compared.comments).toBeGreaterThan(10);
}, 400_000);
