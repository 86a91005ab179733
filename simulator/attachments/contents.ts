import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AttachmentRecord } from '../store/records.ts';
import { patternSha256, patternStream } from './pattern.ts';

/** The bytes of attachments: files in a folder, generated patterns, or nothing but a hash. */
export class AttachmentContents {
  readonly #dir: string;
  readonly #temporary: boolean;
  #uploads = 0;

  constructor(dataDir: string | null) {
    this.#temporary = dataDir === null;
    this.#dir = dataDir === null ? mkdtempSync(join(tmpdir(), 'jira-simulator-')) : join(dataDir, 'attachments');
    mkdirSync(this.#dir, { recursive: true });
  }

  /** A new file to write an upload to. */
  uploadPath(): string {
    this.#uploads += 1;
    return join(this.#dir, `upload-${process.pid}-${this.#uploads}.part`);
  }

  /** Makes the upload the content of that attachment. */
  keep(upload: string, attachmentId: string): void {
    renameSync(upload, this.#path(attachmentId));
  }

  #path(attachmentId: string): string {
    return join(this.#dir, attachmentId);
  }

  /** The bytes, or null when they were thrown away or lost. */
  open(attachment: AttachmentRecord): (() => Readable) | null {
    const { content } = attachment;
    if (content.kind === 'generated') return () => patternStream(content.seed, attachment.size);
    if (content.kind === 'discarded') return null;
    const path = this.#path(attachment.id);
    try {
      if (statSync(path).size !== attachment.size) return null;
    } catch {
      return null;
    }
    return () => createReadStream(path);
  }

  async sha256(attachment: AttachmentRecord): Promise<string | null> {
    const { content } = attachment;
    if (content.kind !== 'generated') return content.sha256;
    return content.sha256 ?? patternSha256(content.seed, attachment.size);
  }

  remove(attachment: AttachmentRecord): void {
    if (attachment.content.kind === 'file') rmSync(this.#path(attachment.id), { force: true });
  }

  discard(upload: string): void {
    rmSync(upload, { force: true });
  }

  close(): void {
    if (this.#temporary) rmSync(this.#dir, { recursive: true, force: true });
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
