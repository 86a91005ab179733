import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveSecret } from '#/kernel/derive-secret.ts';
import { createSecretBox, newSecretBoxKey } from '#/kernel/secret-box.ts';
import { channelTarget, previousKeyPlace } from '#/services/connection/channel-target.ts';
import { rekeyPlace } from '#/services/connection/rekey-state.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import type { ServiceContext } from '#/services/context.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { handshakePlace } from '#/services/invitation/handshake-state.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import { peekInvitation } from '#/services/invitation/peek-invitation.ts';
import { jiraCredentialsPlace, storedJira } from '#/services/setup/stored-jira.ts';
import { rotateEncryptionKey } from '../../../scripts/lib/rotate-encryption-key.ts';
import { startTestNode, type TestNode } from '../connection/support/test-node.ts';

let a: TestNode;
let b: TestNode;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
});
afterAll(async () => {
  await Promise.all([a, b].map((node) => node.stop()));
});

const withKey = (ctx: ServiceContext, key: string): ServiceContext => ({
  ...ctx,
  secrets: { ...createSecretBox(key), derive: (label) => deriveSecret(key, label) },
});

async function rotate(oldKey: string, newKey: string): Promise<{ resealed: number; invitations: number }> {
  const client = new Client({ connectionString: a.databaseUrl });
  await client.connect();
  try {
    return await rotateEncryptionKey(client, { oldKey, newKey });
  } finally {
    await client.end();
  }
}

/** Ids of all keys under which anything in the database is sealed, wherever it is. */
async function keysInUse(): Promise<string[]> {
  const client = new Client({ connectionString: a.databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const found = new Set<string>();
    for (const { name } of tables)
      for (const { text } of (await client.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM ${name} t`))
        .rows)
        for (const [, keyId = ''] of text.matchAll(/"v1\.([0-9a-f]{8})\./g)) found.add(keyId);
    return [...found];
  } finally {
    await client.end();
  }
}

async function invite(node: TestNode): Promise<string> {
  const { connectionId } = await initiateConnection(node.admin, {
    draftId: randomUUID(),
    destinationUrl: b.ctx.node.exalateUrl,
    mode: 'BASIC',
    projectId: node.projects.first,
  });
  return connectionId;
}

describe('rotation of the encryption key', () => {
  it('re-seals everything, keeps connections working, and gives pending invitations new codes', async () => {
    const connected = await invite(a);
    const { code } = await invitationCode(a.admin, { connectionId: connected });
    await acceptInvitation(b.admin, { draftId: randomUUID(), code, projectId: b.projects.first });
    const pending = await invite(a);
    const oldCode = (await invitationCode(a.admin, { connectionId: pending })).code;
    const jira = { kind: 'token' as const, token: 'a token' };
    await a.ctx.db.$executeRaw`
      INSERT INTO node (id, "instanceUid", "exalateUrl", "jiraUrl", "jiraCredentials")
      VALUES (1, ${a.ctx.node.instanceUid}::uuid, ${a.ctx.node.exalateUrl}, 'https://jira.example',
        ${a.ctx.secrets.seal(JSON.stringify(jira), jiraCredentialsPlace)})
      ON CONFLICT (id) DO UPDATE SET "jiraUrl" = EXCLUDED."jiraUrl", "jiraCredentials" = EXCLUDED."jiraCredentials"`;
    const handshake = a.ctx.secrets.seal('{"a":"handshake"}', handshakePlace(pending));
    await a.ctx.db.connection.update({ where: { id: pending }, data: { handshake } });
    // A rotated connection key leaves the one before for a while, and how far a rotation is.
    const previousKey = a.ctx.secrets.seal('the key before', previousKeyPlace(pending));
    const rekey = a.ctx.secrets.seal('{"stage":"used"}', rekeyPlace(pending));
    await a.ctx.db.connection.update({ where: { id: pending }, data: { previousKey, rekey } });
    const row = () => a.ctx.db.connection.findUniqueOrThrow({ where: { id: connected } });
    const before = channelTarget(a.ctx, await row()).key;

    const newKey = newSecretBoxKey();
    expect(await rotate(a.encryptionKey, newKey)).toEqual({ resealed: 5, already: 0, invitations: 1 });

    expect(await keysInUse()).toEqual([createSecretBox(newKey).keyId]);
    const renewed = withKey(a.ctx, newKey);
    const admin = withKey(a.admin, newKey);
    expect(channelTarget(renewed, await row()).key).toBe(before);
    expect(await storedJira(renewed.db, renewed.secrets)).toEqual({
      baseUrl: 'https://jira.example',
      credentials: jira,
    });
    const stored = await a.ctx.db.connection.findUniqueOrThrow({ where: { id: pending } });
    expect(renewed.secrets.open(stored.handshake ?? '', handshakePlace(pending))).toBe('{"a":"handshake"}');
    expect(renewed.secrets.open(stored.previousKey ?? '', previousKeyPlace(pending))).toBe('the key before');
    expect(renewed.secrets.open(stored.rekey ?? '', rekeyPlace(pending))).toBe('{"stage":"used"}');
    await a.ctx.db.connection.update({ where: { id: pending }, data: { previousKey: null, rekey: null } });
    expect(await setConnectionActive(admin, { id: connected, active: false })).toEqual({ partnerTold: true });

    await expect(peekInvitation(b.admin, { code: oldCode })).rejects.toMatchObject({ code: 'invitation_invalid' });
    const newCode = (await invitationCode(admin, { connectionId: pending })).code;
    expect(await peekInvitation(b.admin, { code: newCode })).toMatchObject({ inviter: { name: 'Alpha' } });
  });

  it('changes nothing when one value cannot be opened, or a process of the node still runs', async () => {
    const dump = async () => a.ctx.db.connection.findMany({ orderBy: { id: 'asc' } });
    const before = await dump();
    await expect(rotate(newSecretBoxKey(), newSecretBoxKey())).rejects.toThrow(/OLD_ENCRYPTION_KEY is not the key/);
    expect(await dump()).toEqual(before);

    const worker = new Client({ connectionString: a.databaseUrl, application_name: 'exalate-worker' });
    await worker.connect();
    await expect(rotate(a.encryptionKey, newSecretBoxKey())).rejects.toThrow(/Stop the node first: exalate-worker/);
    await worker.end();
    expect(await dump()).toEqual(before);
  });
});
