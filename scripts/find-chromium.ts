/** Finds a Chromium for the browser tests, and installs one when there is none. Prints its path when run by itself. */
import { execFile, spawnSync } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';

const run = promisify(execFile);

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Path of a Chromium or Chrome that starts: CHROMIUM_PATH, one that is installed, Playwright's own, one that
 * `playwright install` can download, or Debian's package. Throws with what a person can do when there is none.
 */
export async function findChromium(): Promise<string> {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (await starts(given)) return given;
    throw new Error(`CHROMIUM_PATH is set to ${given}, which is not a browser that starts.`);
  }
  const found = (await firstThatStarts(installed())) ?? (await firstThatStarts([chromium.executablePath()]));
  if (found !== null) return found;

  console.log('There is no Chromium on this machine; installing one for the browser tests.');
  spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', '--with-deps', 'chromium'], {
    stdio: 'inherit',
  });
  const downloaded = await firstThatStarts([chromium.executablePath()]);
  if (downloaded !== null) return downloaded;

  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
    spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const packaged = await firstThatStarts(installed());
  if (packaged !== null) return packaged;
  throw new Error('No Chromium could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}

function installed(): readonly string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES];
}

async function firstThatStarts(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await starts(path)) return path;
  return null;
}

/** A file with the right name may be a stub that asks to install a package. */
async function starts(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    return /chrom|edge/i.test(stdout);
  } catch {
    return false;
  }
}

if (import.meta.main) console.log(await findChromium());
