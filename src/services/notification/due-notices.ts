import type { DigestError } from '#/engine/notification/digest.ts';
import type { Db } from '../context.ts';

export interface DueNotice extends DigestError {
  fingerprint: string;
}

/** More than anybody reads; what is left over comes with the next mail. */
const most = 5_000;

/** Open errors that are to be told and were not within the interval, node and connections first. */
export async function dueNotices(db: Db): Promise<DueNotice[]> {
  return db.$queryRaw<DueNotice[]>`
    SELECT n.fingerprint, e.id, e.code, e.summary, e.count, e."firstAt", e."lastAt",
      c.name AS connection, COALESCE(t."localIssueKey", t."remoteIssueKey") AS issue
    FROM node, notice n JOIN sync_error e ON e.fingerprint = n.fingerprint AND e."resolvedAt" IS NULL
      LEFT JOIN connection c ON c.id = e."connectionId" LEFT JOIN twin t ON t.id = e."twinId"
    WHERE node.id = 1 AND n."pendingSince" IS NOT NULL AND e.impact = ANY(node."notifyImpacts")
      AND (n."toldAt" IS NULL OR n."toldAt" <= now() - make_interval(mins => node."notifyEveryMinutes"))
    ORDER BY array_position(ARRAY['node', 'connection', 'trigger'], e.impact) NULLS LAST, n."pendingSince", n.fingerprint
    LIMIT ${most}`;
}

/**
 * Just before the text is handed over. Throws when another process has told any of them meanwhile, as after a pause of this
 * one: nothing is sent then.
 */
export async function tellNow(db: Db, fingerprints: readonly string[]): Promise<Date> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ toldAt: Date }[]>`
      UPDATE notice SET "toldAt" = now() FROM node
      WHERE node.id = 1 AND fingerprint = ANY(${fingerprints})
        AND ("toldAt" IS NULL OR "toldAt" <= now() - make_interval(mins => node."notifyEveryMinutes"))
      RETURNING "toldAt"`;
    const [first] = rows;
    if (first === undefined || rows.length !== fingerprints.length)
      throw new Error('These errors were told by another process meanwhile.');
    return first.toldAt;
  });
}

/** The mail server has the mail. What happened again since it was handed over is told the next time. */
export async function told(db: Db, fingerprints: readonly string[], at: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE notice SET "pendingSince" = CASE WHEN "lastAt" > ${at}::timestamptz THEN "lastAt" END
    WHERE fingerprint = ANY(${fingerprints})`;
}

/** The mail server has refused it: nobody was told. */
export async function takeBack(db: Db, fingerprints: readonly string[], at: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE notice SET "toldAt" = NULL WHERE fingerprint = ANY(${fingerprints}) AND "toldAt" = ${at}::timestamptz`;
}
