/**
 * `npm run lockfile`, after every `npm install`: a mirror may not have the packages for other platforms, npm then
 * leaves them out of the lockfile, and `npm ci` refuses such a lockfile. This adds them, by name and version.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './lib/owned-process.ts';

interface Lockfile {
  packages: Record<string, { version?: string; optional?: boolean; optionalDependencies?: Record<string, string> }>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = join(projectRoot, 'package-lock.json');
const lockfile = JSON.parse(await readFile(path, 'utf8')) as Lockfile;
const { packages } = lockfile;
const added: string[] = [];
for (const { optionalDependencies = {} } of Object.values(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    if (Object.keys(packages).some((known) => known.endsWith(place))) continue;
    packages[place] = { version, optional: true, ...platformOf(name) };
    added.push(`${name}@${version}`);
  }
}
// npm's own order: the project first, then by name.
const byName = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
await writeFile(path, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(byName) }, null, 2)}\n`);
console.log(added.length ? `Added to package-lock.json: ${added.join(', ')}` : 'package-lock.json is complete.');

/** Such packages carry their platform in their names: `@oxlint/binding-linux-arm-gnueabihf`. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const system = words.find((word) => SYSTEMS.includes(word));
  const processor = words.find((word) => PROCESSORS.includes(word));
  if (processor === undefined) throw new Error(`For which platform is ${name}? Write its entry by hand.`);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  return {
    cpu: [processor],
    ...(system === undefined ? {} : { os: [system] }),
    ...(system === 'linux' ? { libc: [libc] } : {}),
  };
}
