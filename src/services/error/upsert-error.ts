import type { ServiceContext } from '../context.ts';

export interface NewError {
  impact: string;
  code: string;
  summary: string;
  detail: string;
  connectionId: string | null;
  twinId: string | null;
  /** Equal for errors that are one row while it is open. */
  fingerprint: string;
  /** Of the lane whose error this is: nothing is stored once another has that lane, who may have succeeded by now. */
  fence?: bigint;
}

/** Stores an error, and in the same statement, when somebody wants e-mail, that there is something to tell. */
export async function upsertError(ctx: ServiceContext, error: NewError, options: { tell: boolean }): Promise<void> {
  const { impact, code, summary, detail, connectionId, twinId, fingerprint, fence = null } = error;
  await ctx.db.$executeRaw`
    WITH owned AS (
      SELECT id FROM twin WHERE id = ${twinId}::uuid AND fence = ${fence}::bigint FOR UPDATE
    ), recorded AS (
      INSERT INTO sync_error (id, impact, code, summary, detail, "connectionId", "twinId", fingerprint)
      SELECT ${ctx.ids.uuid()}::uuid, ${impact}, ${code}, ${summary}, ${detail},
        ${connectionId}::uuid, ${twinId}::uuid, ${fingerprint}
      WHERE ${fence}::bigint IS NULL OR EXISTS (SELECT FROM owned)
      ON CONFLICT (fingerprint) WHERE "resolvedAt" IS NULL
      DO UPDATE SET count = sync_error.count + 1, "lastAt" = now(), detail = EXCLUDED.detail
      RETURNING fingerprint
    )
    INSERT INTO notice (fingerprint, "pendingSince", "lastAt")
    SELECT fingerprint, now(), now() FROM recorded
    WHERE ${options.tell} AND EXISTS (SELECT FROM node WHERE id = 1 AND "notifyEmail" IS NOT NULL)
    ON CONFLICT (fingerprint) DO UPDATE SET "pendingSince" = COALESCE(notice."pendingSince", now()), "lastAt" = now()`;
}
