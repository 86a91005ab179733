/** Re-sealing of everything that the database holds under ENCRYPTION_KEY. */
import type { Client } from 'pg';
import { secretHash } from '../../src/engine/invitation/secret-hash.ts';
import { deriveSecret } from '../../src/kernel/derive-secret.ts';
import { createSecretBox, type SecretBox, SecretBoxError } from '../../src/kernel/secret-box.ts';
import { channelKeyPlace, previousKeyPlace } from '../../src/services/connection/channel-target.ts';
import { rekeyPlace } from '../../src/services/connection/rekey-state.ts';
import { handshakePlace } from '../../src/services/invitation/handshake-state.ts';
import { invitationSecretLabel } from '../../src/services/invitation/invitation-secret.ts';
import { jiraCredentialsPlace } from '../../src/services/setup/stored-jira.ts';

/** Every sealed column; a test compares it with what the schema calls sealed. */
export const sealedColumns = [
  { table: 'node', column: 'jiraCredentials', place: () => jiraCredentialsPlace },
  { table: 'connection', column: 'channelKey', place: channelKeyPlace },
  { table: 'connection', column: 'previousKey', place: previousKeyPlace },
  { table: 'connection', column: 'rekey', place: rekeyPlace },
  { table: 'connection', column: 'handshake', place: handshakePlace },
] as const;

export interface Rotated {
  resealed: number;
  /** Under the new key already: an earlier run had come to its end. */
  already: number;
  /** Pending invitations, whose secrets are derived from the key: codes that were sent before are no longer good. */
  invitations: number;
}

/**
 * One transaction: locks the tables, opens each value with the old key, seals it with the new one, reads it back. Throws, and
 * changes nothing, when a value cannot be opened or a process of the node is still connected.
 */
export async function rotateEncryptionKey(
  client: Client,
  { oldKey, newKey }: { oldKey: string; newKey: string },
): Promise<Rotated> {
  const [from, to] = [createSecretBox(oldKey), createSecretBox(newKey)];
  if (from.keyId === to.keyId) throw new Error('The new key is the old one: nothing was changed.');
  await client.query('BEGIN');
  try {
    await refuseWhileRunning(client);
    await client.query('LOCK TABLE node, connection, invitation IN ACCESS EXCLUSIVE MODE');
    let [resealed, already] = [0, 0];
    for (const { table, column, place } of sealedColumns) {
      const { rows } = await client.query<{ id: string; sealed: string }>(
        `SELECT id::text AS id, "${column}" AS sealed FROM ${table} WHERE "${column}" IS NOT NULL`,
      );
      for (const { id, sealed } of rows) {
        if (isSealedWith(to, sealed, place(id))) {
          already += 1;
          continue;
        }
        const plain = openWithOldKey(from, sealed, place(id));
        const anew = to.seal(plain, place(id));
        if (to.open(anew, place(id)) !== plain) throw new Error(`${table}.${column} of ${id} could not be read back.`);
        await client.query(`UPDATE ${table} SET "${column}" = $1 WHERE id::text = $2`, [anew, id]);
        resealed += 1;
      }
    }
    const invitations = await renewInvitations(client, newKey);
    await client.query('COMMIT');
    return { resealed, already, invitations };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function isSealedWith(box: SecretBox, sealed: string, place: string): boolean {
  try {
    box.open(sealed, place);
    return true;
  } catch {
    return false;
  }
}

function openWithOldKey(box: SecretBox, sealed: string, place: string): string {
  try {
    return box.open(sealed, place);
  } catch (cause) {
    if (!(cause instanceof SecretBoxError) || cause.code !== 'other_key') throw cause;
    throw new Error(
      'OLD_ENCRYPTION_KEY is not the key under which the secrets of this database are stored. Nothing was changed. Give the ENCRYPTION_KEY with which the node last ran.',
    );
  }
}

/** A process with the old key would write further secrets under it. */
async function refuseWhileRunning(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name IN ('exalate-web', 'exalate-worker')`,
  );
  if (rows.length > 0)
    throw new Error(
      `Stop the node first: ${rows.map(({ name }) => name).join(' and ')} is still connected to this database.`,
    );
}

async function renewInvitations(client: Client, newKey: string): Promise<number> {
  const { rows } = await client.query<{ id: string }>('SELECT id::text AS id FROM invitation WHERE "usedAt" IS NULL');
  for (const { id } of rows)
    await client.query('UPDATE invitation SET "secretHash" = $1 WHERE id::text = $2', [
      secretHash(deriveSecret(newKey, invitationSecretLabel(id))),
      id,
    ]);
  return rows.length;
}
