import { randomUUID } from 'node:crypto';
import type { Db } from '#/db/client.ts';
import { newSetupToken, setupTokenHash } from './setup-token.ts';

/**
 * Makes a set-up token for a node that has no Jira; null when it has one. Every start makes a new one, and only the last
 * one counts: what an old log says is worth nothing.
 */
export async function announceSetup(db: Db, exalateUrl: string): Promise<string | null> {
  const token = newSetupToken();
  const rows = await db.$queryRaw<unknown[]>`
    INSERT INTO node (id, "instanceUid", "exalateUrl", "setupTokenHash")
    VALUES (1, ${randomUUID()}::uuid, ${exalateUrl}, ${setupTokenHash(token)})
    ON CONFLICT (id) DO UPDATE SET "setupTokenHash" = EXCLUDED."setupTokenHash" WHERE node."jiraUrl" IS NULL
    RETURNING id`;
  return rows.length === 0 ? null : token;
}
