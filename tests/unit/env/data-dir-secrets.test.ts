import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSecretBoxKey } from '#/kernel/secret-box.ts';
import { dataDirSecrets } from '../../../scripts/lib/data-dir-secrets.ts';

async function emptyFolder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'keys-')), 'data');
}

it('makes strong keys once, readable by the owner only, and keeps them', async () => {
  const dataDir = await emptyFolder();
  const secrets = await dataDirSecrets(dataDir);
  expect(isSecretBoxKey(secrets.encryptionKey)).toBe(true);
  expect(new Set(Object.values(secrets)).size).toBe(3);
  expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600);
  expect(await dataDirSecrets(dataDir)).toEqual(secrets);
});

it('gives all that start at once the same keys and leaves no other file', async () => {
  const dataDir = await emptyFolder();
  const all = await Promise.all(Array.from({ length: 8 }, () => dataDirSecrets(dataDir)));
  expect(new Set(all.map((secrets) => JSON.stringify(secrets))).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['keys.json']);
});

it('refuses a damaged file instead of replacing it', async () => {
  const dataDir = await emptyFolder();
  await dataDirSecrets(dataDir);
  const path = join(dataDir, 'keys.json');
  await writeFile(path, '{"encryptionKey":');
  await expect(dataDirSecrets(dataDir)).rejects.toThrow(/keys\.json is damaged/);
  expect(await readFile(path, 'utf8')).toBe('{"encryptionKey":');
});
