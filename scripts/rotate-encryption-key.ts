/**
 * Puts everything that is sealed in the database under a new ENCRYPTION_KEY: `npm run rotate-key`. All in one transaction, so
 * that a kill leaves the old key good. Stop the node before, start it with the new key afterwards.
 */
import { Client } from 'pg';
import { z } from 'zod';
import { isSecretBoxKey } from '../src/kernel/secret-box.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { rotateEncryptionKey } from './lib/rotate-encryption-key.ts';

const key = z.string().trim().refine(isSecretBoxKey, { error: 'is not 32 bytes in base64' });
const environment = z.object({
  DATABASE_URL: z.string({ error: 'is not set' }).min(1),
  OLD_ENCRYPTION_KEY: key,
  NEW_ENCRYPTION_KEY: key,
});

await endOnFailure(async () => {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(['The key was not changed:', ...lines].join('\n'));
  }
  const { DATABASE_URL, OLD_ENCRYPTION_KEY, NEW_ENCRYPTION_KEY } = parsed.data;
  const client = new Client({ connectionString: DATABASE_URL, application_name: 'exalate-rotate-key' });
  await client.connect();
  try {
    const { resealed, invitations } = await rotateEncryptionKey(client, {
      oldKey: OLD_ENCRYPTION_KEY,
      newKey: NEW_ENCRYPTION_KEY,
    });
    console.log(`${resealed} stored secrets are under the new key now. Start the node with it as ENCRYPTION_KEY.`);
    if (invitations > 0)
      console.log(`${invitations} pending invitations have new codes: copy them again from the Connections page.`);
  } finally {
    await client.end();
  }
});
