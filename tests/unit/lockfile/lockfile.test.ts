import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const text = readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8');
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({ version: z.string().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() }),
    ),
  })
  .parse(JSON.parse(text));

function versionOf(name: string): readonly number[] {
  const version = packages[`node_modules/${name}`]?.version ?? '';
  return version.split(/[.-]/).slice(0, 3).map(Number);
}

/** Earlier ones have known holes. */
it.each([
  ['next', [16, 2, 11]],
  ['next-auth', [4, 24, 15]],
])('%s is at least %j', (name, floor) => {
  const version = versionOf(name);
  const firstDifference = floor
    .map((part, index) => (version[index] ?? NaN) - part)
    .find((difference) => difference !== 0);
  expect(firstDifference ?? 0).toBeGreaterThanOrEqual(0);
});

it('names no registry, so that it installs from any mirror', () => {
  expect(text).not.toContain('"resolved"');
  expect(text).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

it('pins every version of Prisma to the same one', () => {
  const names = [
    'prisma',
    '@prisma/client',
    '@prisma/adapter-pg',
    '@prisma/driver-adapter-utils',
    '@prisma/schema-engine-wasm',
  ];
  expect(new Set(names.map((name) => versionOf(name).join('.'))).size).toBe(1);
});

it('has every optional package of every platform, without which `npm ci` refuses it (npm run lockfile)', () => {
  const places = Object.keys(packages);
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});
