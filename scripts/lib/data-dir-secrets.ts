import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isSecretBoxKey, newSecretBoxKey } from '../../src/kernel/secret-box.ts';

const fileSchema = z.object({
  encryptionKey: z.string().refine(isSecretBoxKey),
  nextauthSecret: z.string().min(32),
  syncToken: z.string().min(16),
});

/** The keys of a node that was given none: base64 (32 bytes), base64, hex. */
export type DataDirSecrets = z.infer<typeof fileSchema>;

/**
 * The keys in `<dataDir>/keys.json`, made on first use (mode 0600). They are never replaced: a file that cannot be
 * read is an error, since a new key would make every stored secret unreadable.
 */
export async function dataDirSecrets(dataDir: string): Promise<DataDirSecrets> {
  const path = join(dataDir, 'keys.json');
  await ensureDataDir(dataDir);
  const known = await readIfThere(path);
  if (known !== null) return parse(path, known);

  await createOnce(path, JSON.stringify(generate(), null, 2));
  return parse(path, await readFile(path, 'utf8'));
}

/** Creates the folder; others may pass through it, since the embedded server may run as another user, but not list it. */
export async function ensureDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
}

/** Writes a file of mode 0600 completely or not at all; when it exists already, it is left as it is. */
export async function createOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
    // Unlike a rename, a link does not replace what another start has just put there.
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

function generate(): DataDirSecrets {
  return {
    encryptionKey: newSecretBoxKey(),
    nextauthSecret: randomBytes(32).toString('base64'),
    syncToken: randomBytes(32).toString('hex'),
  };
}

function parse(path: string, text: string): DataDirSecrets {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} is damaged. Restore it from a backup: the secrets in the database can only be read with its keys.`,
    );
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
