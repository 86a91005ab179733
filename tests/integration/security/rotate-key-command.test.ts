/** `npm run rotate-key` as an operator runs it: a process of its own on the real database of a node with a partner. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveSecret } from '#/kernel/derive-secret.ts';
import { createSecretBox, newSecretBoxKey } from '#/kernel/secret-box.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import type { ServiceContext } from '#/services/context.ts';
import { projectRoot } from '../../../scripts/lib/owned-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { connect } from '../connection/support/connect.ts';
import { startTestNode, type TestNode } from '../connection/support/test-node.ts';

let a: TestNode;
let b: TestNode;
let connections: string[];
let client: Client;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
  connections = [];
  for (let n = 0; n < 3; n += 1) connections.push((await connect(a, b)).initiator);
  client = new Client({ connectionString: a.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await Promise.all([a, b].map((node) => node.stop()));
});

function command(keys: { OLD_ENCRYPTION_KEY?: string; NEW_ENCRYPTION_KEY?: string }) {
  const { PATH, HOME } = process.env;
  const child = spawn('npm', ['run', '--silent', 'rotate-key'], {
    cwd: projectRoot,
    env: { PATH, HOME, NODE_ENV: 'production', DATABASE_URL: a.databaseUrl, ...keys },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const done = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], said, failed]) => ({ code: code as number | null, said, failed }),
  );
  return { done, kill: () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL') };
}

const sealedKeys = async (): Promise<string[]> =>
  (await client.query<{ key: string }>('SELECT "channelKey" AS key FROM connection ORDER BY id')).rows.map(
    ({ key }) => key,
  );

/** Whether the partner takes what this node signs when it is started with this key. */
async function speaks(key: string): Promise<boolean> {
  const ctx: ServiceContext = {
    ...a.admin,
    secrets: { ...createSecretBox(key), derive: (label) => deriveSecret(key, label) },
  };
  for (const id of connections) {
    await setConnectionActive(ctx, { id, active: true });
    for (const active of [false, true]) if (!(await setConnectionActive(ctx, { id, active })).partnerTold) return false;
  }
  return true;
}

describe('npm run rotate-key', () => {
  const newKey = newSecretBoxKey();

  it('says what is missing or wrong, and changes nothing', async () => {
    const before = await sealedKeys();
    for (const [keys, said] of [
      [{}, /NEW_ENCRYPTION_KEY is not set/],
      [{ NEW_ENCRYPTION_KEY: 'short' }, /NEW_ENCRYPTION_KEY is not 32 bytes in base64/],
      [{ NEW_ENCRYPTION_KEY: newKey }, /OLD_ENCRYPTION_KEY is not set/],
      [{ OLD_ENCRYPTION_KEY: newSecretBoxKey(), NEW_ENCRYPTION_KEY: newKey }, /OLD_ENCRYPTION_KEY is not the key/],
      [{ OLD_ENCRYPTION_KEY: a.encryptionKey, NEW_ENCRYPTION_KEY: a.encryptionKey }, /The new key is the old one/],
    ] as const) {
      const { code, failed } = await command(keys).done;
      expect(code).toBe(1);
      expect(failed).toMatch(said);
      for (const secret of Object.values(keys)) if (secret.length > 10) expect(failed).not.toContain(secret);
    }
    expect(await sealedKeys()).toEqual(before);
    expect(await speaks(a.encryptionKey)).toBe(true);
  });

  it('leaves the old key good when it is killed half-way, and does all of it when it is run again', async () => {
    const before = await sealedKeys();
    const keys = { OLD_ENCRYPTION_KEY: a.encryptionKey, NEW_ENCRYPTION_KEY: newKey };
    // The second connection takes its time, so that the kill comes after the first was written.
    await client.query(`
      CREATE SEQUENCE changes;
      CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('changes') = 2 THEN PERFORM pg_sleep(3); END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER slow_down BEFORE UPDATE OF "channelKey" ON connection FOR EACH ROW EXECUTE FUNCTION slow_down()`);
    const first = command(keys);
    await waitFor('the command to be half-way', async () => {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'exalate-rotate-key' AND wait_event = 'PgSleep'`,
      );
      return rows[0]?.n === 1;
    });
    first.kill();
    expect((await first.done).code).not.toBe(0);
    // The table is locked until the server has noticed that the command is gone.
    expect(await sealedKeys()).toEqual(before);
    expect(await speaks(a.encryptionKey)).toBe(true);

    const second = await command(keys).done;
    expect(second.code, second.failed).toBe(0);
    expect(second.said).toContain('3 stored secrets were put under the new key.');
    expect(second.said + second.failed).not.toContain(newKey);
    expect(await speaks(newKey)).toBe(true);
    await expect(speaks(a.encryptionKey)).rejects.toMatchObject({ code: 'other_key' });
  });

  it('finds nothing left to do when it is run once more', async () => {
    const before = await sealedKeys();
    const { code, said } = await command({ OLD_ENCRYPTION_KEY: a.encryptionKey, NEW_ENCRYPTION_KEY: newKey }).done;
    expect(code).toBe(0);
    expect(said).toContain('3 stored secrets were under the new key already');
    expect(await sealedKeys()).toEqual(before);
    expect(await speaks(newKey)).toBe(true);
  });
});
