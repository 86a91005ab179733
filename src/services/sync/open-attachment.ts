import type { Readable } from 'node:stream';
import { TrackerError } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { clearUnreadableFile } from '../error/record-fault.ts';
import { fileIsGone, refuseFile } from './unreadable-file.ts';

/**
 * The bytes of an attachment of the local Jira, for the partner of this connection only. Throws a `PartnerRefusal` with a
 * `FileFault` when this file alone cannot be read, a `TrackerError` when Jira cannot be asked at all.
 */
export async function openAttachment(
  ctx: ServiceContext,
  input: { connectionId: string; twinUid: string; traceUid: string },
): Promise<{ body: Readable; sizeBytes: number }> {
  const trace = await ctx.db.attachmentTrace.findFirst({
    where: {
      uid: input.traceUid,
      deleted: false,
      twin: { uid: input.twinUid, connectionId: input.connectionId, endedAt: null },
    },
    select: {
      localId: true,
      contentUrl: true,
      sizeBytes: true,
      filename: true,
      twinId: true,
      twin: { select: { localIssueId: true, localIssueKey: true } },
    },
  });
  const { localId, contentUrl } = trace ?? {};
  if (!trace || !localId || !contentUrl || trace.twin.localIssueId === null) throw fileIsGone();
  const sizeBytes = Number(trace.sizeBytes);
  const { twinId, filename } = trace;
  const { connectionId, traceUid } = input;
  try {
    const { body } = await ctx.jira().downloadAttachment({ id: localId, contentUrl, sizeBytes });
    await clearUnreadableFile(ctx, { twinId, connectionId, subject: traceUid });
    return { body, sizeBytes };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    const { localIssueId: issueId, localIssueKey } = trace.twin;
    const issueKey = localIssueKey ?? issueId;
    throw await refuseFile(ctx, { twinId, connectionId, traceUid, localId, filename, issueId, issueKey }, error);
  }
}
