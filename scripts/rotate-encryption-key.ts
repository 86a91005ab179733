/**
 * Puts everything that is sealed in the database under a new ENCRYPTION_KEY: `npm run rotate-key`. All in one transaction, so
 * that a kill leaves the old key good. Stop the node before, start it with the new key afterwards. Without DATABASE_URL it
 * works on the embedded database under DATA_DIR, whose old key is there too.
 */
import { resolve } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { isSecretBoxKey } from '../src/kernel/secret-box.ts';
import { dataDirSecrets } from './lib/data-dir-secrets.ts';
import { startEmbeddedPostgres } from './lib/embedded-postgres.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { rotateEncryptionKey } from './lib/rotate-encryption-key.ts';

const key = z
  .string({ error: 'is not set' })
  .trim()
  .refine(isSecretBoxKey, { error: 'is not 32 bytes in base64: make one with openssl rand -base64 32' });
const environment = z.object({
  DATABASE_URL: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  OLD_ENCRYPTION_KEY: key.optional(),
  NEW_ENCRYPTION_KEY: key,
});

await endOnFailure(async () => {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
    throw new Error(['The key was not changed:', ...lines].join('\n'));
  }
  const { DATABASE_URL, DATA_DIR, OLD_ENCRYPTION_KEY, NEW_ENCRYPTION_KEY: newKey } = parsed.data;
  const dataDir = resolve(DATA_DIR);
  if (DATABASE_URL !== undefined) {
    if (OLD_ENCRYPTION_KEY === undefined) throw new Error('OLD_ENCRYPTION_KEY is not set: give the one in use.');
    return rotate(DATABASE_URL, { oldKey: OLD_ENCRYPTION_KEY, newKey }, 'Start the node with it as ENCRYPTION_KEY.');
  }
  const oldKey = OLD_ENCRYPTION_KEY ?? (await dataDirSecrets(dataDir)).encryptionKey;
  const database = await startEmbeddedPostgres({ dataDir });
  try {
    const next = `Put it into ${dataDir}/keys.json as encryptionKey (or into the environment as ENCRYPTION_KEY), then start the node.`;
    await rotate(database.url, { oldKey, newKey }, next);
  } finally {
    await database.stop();
  }
});

async function rotate(url: string, keys: { oldKey: string; newKey: string }, next: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'exalate-rotate-key' });
  await client.connect();
  try {
    const { resealed, already, invitations } = await rotateEncryptionKey(client, keys);
    if (already > 0) console.log(`${already} stored secrets were under the new key already, from an earlier run.`);
    console.log(`${resealed} stored secrets were put under the new key. ${next}`);
    if (invitations > 0)
      console.log(`${invitations} pending invitations have new codes: copy them again from the Connections page.`);
  } finally {
    await client.end();
  }
}
