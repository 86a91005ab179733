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
}

/** Stores an error, and in the same statement, when somebody wants e-mail, that there is something to tell. */
export async function upsertError(ctx: ServiceContext, error: NewError, options: { tell: boolean }): Promise<void> {
  const { impact, code, summary, detail, connectionId, twinId, fingerprint } = error;
  await ctx.db.$executeRaw`
    WITH recorded AS (
      INSERT INTO sync_error (id, impact, code, summary, detail, "connectionId", "twinId", fingerprint)
      VALUES (${ctx.ids.uuid()}::uuid, ${impact}, ${code}, ${summary}, ${detail},
        ${connectionId}::uuid, ${twinId}::uuid, ${fingerprint})
      ON CONFLICT (fingerprint) WHERE "resolvedAt" IS NULL
      DO UPDATE SET count = sync_error.count + 1, "lastAt" = now(), detail = EXCLUDED.detail
      RETURNING fingerprint
    )
    INSERT INTO notice (fingerprint, "pendingSince", "lastAt")
    SELECT fingerprint, now(), now() FROM recorded
    WHERE ${options.tell} AND EXISTS (SELECT FROM node WHERE id = 1 AND "notifyEmail" IS NOT NULL)
    ON CONFLICT (fingerprint) DO UPDATE SET "pendingSince" = COALESCE(notice."pendingSince", now()), "lastAt" = now()`;
}
