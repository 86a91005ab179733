/**
 * Removes one safeguard after the other in a copy of the project and runs the tests that must then fail:
 * `node scripts/chaos/mutate.ts [part of a safeguard's name]`. Prints the pairs as a table at the end (docs/reliability.md has
 * it), and ends with 1 when one can be removed unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectRoot } from '../lib/owned-process.ts';
import { mutations } from './mutations.ts';

const left = new Set(['node_modules', '.git', '.next', 'data', 'test-results', 'bench-results', 'chaos-results']);
const copy = await mkdtemp(join(tmpdir(), 'exalate-mutation-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
await cp(projectRoot, copy, { recursive: true, filter: (path) => !left.has(relative(projectRoot, path)) });
await symlink(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));

let unnoticed = 0;
const table = ['| safeguard | removed in | tests that fail |', '| --- | --- | --- |'];
for (const { safeguard, file, find, replace, tests, names } of mutations) {
  if (!safeguard.includes(process.argv[2] ?? '')) continue;
  const path = join(copy, file);
  const original = await readFile(path, 'utf8');
  if (original.split(find).length !== 2)
    throw new Error(`${safeguard}: the text to remove is not in ${file} exactly once.`);
  await writeFile(
    path,
    original.replace(find, () => replace),
  );
  const project = tests.split('/')[1] ?? '';
  const args = ['--run', '--project', project, tests, ...(names === '' ? [] : ['-t', names])];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'node_modules/.bin/vitest'), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  await writeFile(path, original);
  const failed = stdout.match(/× .*/g) ?? [];
  const red = status !== 0 && failed.length > 0;
  if (!red) unnoticed += 1;
  process.stdout.write(
    `${red ? 'red  ' : 'GREEN'} ${safeguard} (${Math.round((performance.now() - started) / 1000)} s)\n`,
  );
  const shown = failed.map((line) => line.replace(/^× /, '').replace(/\s+\d+m?s$/, ''));
  table.push(`| ${safeguard} | \`${file}\` | ${red ? `\`${tests}\`: ${shown.join('; ')}` : '**none**'} |`);
  for (const line of shown) process.stdout.write(`        × ${line}\n`);
  for (const line of new Set(
    `${stdout}\n${stderr}`.match(/^.*\b(?:duplicates|losses|stale|echoes|orphans): .*$/gm)?.slice(0, 2),
  ))
    process.stdout.write(`        ${line.trim().slice(0, 160)}\n`);
}
process.stdout.write(`\n${table.join('\n')}\n`);
process.exit(unnoticed === 0 ? 0 : 1);
