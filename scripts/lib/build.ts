import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from './owned-process.ts';

const SOURCES = [
  'src/**/*',
  'public/**/*',
  'prisma/schema.prisma',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '*.config.{ts,mjs}',
];
const FINGERPRINT = join(projectRoot, '.next', 'source-fingerprint');
const NEXT = 'node_modules/next/dist/bin/next';

/**
 * Builds the console for production unless the build that is there was made from these very sources. When another
 * process is building, its build is waited for. Throws with Next's output when the build fails.
 */
export async function ensureBuild(options: { signal?: AbortSignal; onBuild?: () => void } = {}): Promise<void> {
  const fingerprint = await fingerprintSources();
  for (let attempt = 1; attempt <= 150; attempt += 1) {
    if (await isBuilt(fingerprint)) return;
    if (attempt === 1) options.onBuild?.();
    const { code, output } = await nextBuild(options.signal);
    if (code === 0) return writeFile(FINGERPRINT, fingerprint);
    if (!/another next build/i.test(output)) throw new Error(`The console could not be built:\n${output}`);
    await delay(2000, undefined, { signal: options.signal });
  }
  throw new Error('Another build of the console does not come to an end.');
}

async function isBuilt(fingerprint: string): Promise<boolean> {
  const [built, id] = await Promise.all([textOf(FINGERPRINT), textOf(join(projectRoot, '.next', 'BUILD_ID'))]);
  return id !== '' && built === fingerprint;
}

async function fingerprintSources(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  const files: string[] = [];
  for await (const entry of glob(SOURCES, { cwd: projectRoot, withFileTypes: true }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  for (const file of files.toSorted())
    hash
      .update(file.slice(projectRoot.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

async function nextBuild(signal: AbortSignal | undefined): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [NEXT, 'build'], {
    cwd: projectRoot,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, output: output.slice(-20_000) }));
  });
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
