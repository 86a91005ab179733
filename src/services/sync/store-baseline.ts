import type { TwinSnapshot } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext, Tx } from '../context.ts';

/**
 * Puts the partner's whole state into the twin's queue, and the twin in place if it was lost here; the lane takes it over.
 * Gives the number of twins that this was good for.
 */
export async function storeBaseline(
  ctx: ServiceContext,
  connection: Connection,
  snapshot: TwinSnapshot,
): Promise<0 | 1> {
  const { twin: uid, issue, askersIssue, begunByAsker, createdMs } = snapshot;
  return ctx.db.$transaction(async (tx) => {
    if (snapshot.ended === null) {
      // The issue was under sync before, and has begun anew here meanwhile: nobody has heard of that, so it is the same pair.
      await tx.$executeRaw`
        UPDATE twin SET uid = ${uid}::uuid, "exalatedBy" = ${begunByAsker ? 'system' : 'partner'}, "connect" = NULL
        WHERE "connectionId" = ${connection.id}::uuid AND "localIssueId" = ${askersIssue?.id ?? null} AND "endedAt" IS NULL
          AND "outNumber" = 0 AND "inNumber" = 0 AND "exalatedBy" <> 'partner'
          AND NOT EXISTS (SELECT 1 FROM twin known WHERE known."connectionId" = ${connection.id}::uuid AND known.uid = ${uid}::uuid)`;
      await tx.$executeRaw`
        INSERT INTO twin (id, "connectionId", uid, "localIssueId", "localIssueKey", "remoteIssueId", "remoteIssueKey",
          "exalatedBy", "createdAt")
        VALUES (${ctx.ids.uuid()}::uuid, ${connection.id}::uuid, ${uid}::uuid, ${askersIssue?.id ?? null},
          ${askersIssue?.key ?? null}, ${issue?.id ?? null}, ${issue?.key ?? null},
          ${begunByAsker ? 'system' : 'partner'}, ${new Date(createdMs)})
        ON CONFLICT DO NOTHING`;
    }
    const twin = await tx.twin.findUnique({
      where: { connectionId_uid: { connectionId: connection.id, uid } },
      include: { intents: true },
    });
    if (twin === null) return 0;
    if (twin.localIssueId === null && twin.intents.length === 0 && twin.outNumber === 0)
      await lookForIssue(ctx, tx, connection, { twinId: twin.id, snapshot });
    await tx.syncRequest.create({
      data: {
        id: ctx.ids.uuid(),
        connectionId: connection.id,
        twinId: twin.id,
        number: snapshot.sent,
        kind: 'baseline',
        replica: { kind: 'baseline', number: snapshot.sent, snapshot },
      },
    });
    await tx.twin.update({ where: { id: twin.id }, data: { wakeAt: new Date(ctx.clock.now()) } });
    return 1;
  });
}

/** This node may have made the issue without telling: the evidence is looked for before one is made (C1). */
async function lookForIssue(
  ctx: ServiceContext,
  tx: Tx,
  connection: Connection,
  { twinId, snapshot }: { twinId: string; snapshot: TwinSnapshot },
): Promise<void> {
  const { fields } = snapshot.delta;
  await tx.writeIntent.create({
    data: {
      id: ctx.ids.uuid(),
      twinId,
      kind: 'create_issue',
      subject: '',
      fence: 0n,
      startedAt: new Date(snapshot.createdMs),
      detail: {
        projectId: connection.projectId,
        projectKey: connection.projectKey,
        summary: fields.summary?.value ?? '',
        description: fields.description?.value ?? '',
        typeName: fields.issueType?.value ?? '',
        // The request is long over: no time has to pass before what is not there may be made.
        missingSince: snapshot.createdMs,
      },
    },
  });
}
