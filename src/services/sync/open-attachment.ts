import type { Readable } from 'node:stream';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

/** The bytes of an attachment of the local Jira, for the partner of this connection only. */
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
    select: { localId: true, contentUrl: true, sizeBytes: true },
  });
  if (trace === null || trace.localId === null || trace.contentUrl === null) {
    throw new ServiceError('not_found', {
      summary: 'This attachment is not here.',
      why: 'It was deleted, or its issue is no longer under sync.',
      remedy: 'Nothing needs to be done; the deletion reaches the other side by itself.',
    });
  }
  const sizeBytes = Number(trace.sizeBytes);
  const download = await ctx.jira().downloadAttachment({ id: trace.localId, contentUrl: trace.contentUrl, sizeBytes });
  return { body: download.body, sizeBytes };
}
