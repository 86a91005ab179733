/** Attachments fetched from the partner and written to the local Jira as they arrive (D5): nothing is kept in between. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Fault } from '#/engine/fault/faults.ts';
import type { TrackerAttachment } from '#/engine/ports.ts';
import { TrackerError } from '#/engine/ports.ts';
import { FrameError } from '#/engine/protocol/attachment-frame.ts';
import { fileFaultTexts, isFileFault } from '#/engine/protocol/file-fault.ts';
import type { AttachmentEntry } from '#/engine/replica/state.ts';
import { PeerError } from '../peer-channel.ts';
import type { Lane } from './lane.ts';
import { localIssue } from './local-issue.ts';
import { writeOnce } from './non-repeatable.ts';
import { partnerOf } from './partner.ts';
import type { Partner } from './partner.ts';
import { Crash, passCrashPoint } from './tuning.ts';

const attempts = 2;

export async function addAttachment(lane: Lane, attachment: AttachmentEntry): Promise<void> {
  const limits = await lane.ctx.jira().attachmentLimits();
  if (!limits.enabled) throw new Fault('jira_forbidden', 'Attachments are switched off in this Jira.');
  if (attachment.sizeBytes > limits.uploadLimitBytes) {
    throw new Fault(
      'attachment_too_large',
      `"${attachment.filename}" has ${attachment.sizeBytes} bytes; this Jira allows ${limits.uploadLimitBytes}.`,
    );
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await transfer(lane, attachment);
      return;
    } catch (error) {
      if (!isDamaged(error)) throw error;
      if (attempt < attempts) continue;
      const code = error.cause instanceof FrameError ? 'attachment_damaged' : 'partner_file_unreadable';
      throw new Fault(code, `"${attachment.filename}": ${error.message}`, { cause: error });
    }
  }
}

async function transfer(lane: Lane, attachment: AttachmentEntry): Promise<void> {
  const source = await openSource(lane, attachment);
  const file = hashed(source.body, () => passCrashPoint(lane.ctx, 'during upload', lane.twinId));
  try {
    await writeOnce(
      lane,
      {
        kind: 'upload_attachment',
        subject: attachment.uid,
        detail: { filename: attachment.filename, sizeBytes: source.sizeBytes },
      },
      () => upload(lane, attachment, source.sizeBytes, file),
      (stored) => recordAttachment(lane, attachment, stored, file.sha256()),
    );
  } finally {
    source.body.destroy();
  }
}

async function openSource(lane: Lane, { uid, filename }: AttachmentEntry): ReturnType<Partner['attachment']> {
  try {
    return await partnerOf(lane.ctx, lane.connection).attachment(lane.twin.uid, uid, lane.lease.signal);
  } catch (error) {
    if (!(error instanceof PeerError) || error.code !== 'refused') throw error;
    lane.heardPartner = true;
    const why = isFileFault(error.reason) ? fileFaultTexts[error.reason] : error.message;
    throw new Fault('partner_file_unreadable', `"${filename}": ${why}`, { cause: error });
  }
}

interface HashedFile {
  bytes: AsyncIterable<Uint8Array>;
  sha256(): string;
  /** Why the partner's stream broke off, if it did: Jira then never saw the end of the upload. */
  failure(): Error | null;
}

function hashed(body: Readable, onEnd: () => void): HashedFile {
  const hash = createHash('sha256');
  let failure: Error | null = null;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        yield chunk;
      }
      onEnd();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
  return { bytes: read(), sha256: () => hash.digest('hex'), failure: () => failure };
}

async function upload(
  lane: Lane,
  attachment: AttachmentEntry,
  sizeBytes: number,
  file: HashedFile,
): Promise<TrackerAttachment> {
  const { filename, mimeType } = attachment;
  try {
    return await lane.ctx
      .jira()
      .uploadAttachment(localIssue(lane), { filename, mimeType, sizeBytes, body: file.bytes }, lane.lease.signal);
  } catch (error) {
    const failure = file.failure();
    if (failure === null) throw error;
    if (failure instanceof Crash) throw failure;
    throw new TrackerError('truncated', { message: failure.message, outcome: 'not_performed', cause: failure });
  }
}

/** The partner's stream ended early or with the wrong checksum. */
function isDamaged(error: unknown): error is TrackerError {
  return error instanceof TrackerError && error.code === 'truncated';
}

export function recordAttachment(
  lane: Lane,
  attachment: AttachmentEntry,
  stored: Pick<TrackerAttachment, 'id' | 'contentUrl'>,
  sha256: string | null,
): void {
  put(lane, { ...attachment, localId: stored.id, contentUrl: stored.contentUrl, sha256 });
}

export async function deleteAttachment(lane: Lane, attachment: AttachmentEntry): Promise<void> {
  if (attachment.localId === null) return;
  await lane.ctx.jira().deleteAttachment(attachment.localId);
  put(lane, { ...attachment, localId: null, contentUrl: null });
}

function put(lane: Lane, attachment: AttachmentEntry): void {
  lane.state = { ...lane.state, attachments: new Map(lane.state.attachments).set(attachment.uid, attachment) };
}
