/**
 * A file of the own Jira that cannot be read although Jira answers otherwise. It stops itself and nothing else: the partner is
 * told why and asks again, and the admin of this side, who alone can mend it, reads the cause on the Errors page.
 */
import { Fault } from '#/engine/fault/faults.ts';
import { fileFaultTexts, type FileFault } from '#/engine/protocol/file-fault.ts';
import type { TrackerError, TrackerErrorCode } from '#/engine/ports.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import type { ServiceContext } from '../context.ts';
import { recordFault } from '../error/record-fault.ts';
import { ServiceError } from '../errors.ts';
import { jiraAnswers } from '../node/jira-answers.ts';
import { hintIssues } from './hints.ts';

export interface LocalFile {
  twinId: string;
  connectionId: string;
  traceUid: string;
  /** Of the attachment. */
  localId: string;
  filename: string;
  issueId: string;
  issueKey: string;
}

/** Jira asks for a pause, or for a browser, whatever is requested. */
const ofAllRequests: ReadonlySet<TrackerErrorCode> = new Set(['unavailable', 'rate_limited', 'captcha']);

export function fileIsGone(): ServiceError {
  return new ServiceError('not_found', {
    summary: 'This attachment is not here.',
    why: 'It was deleted, or its issue is no longer under sync.',
    remedy: 'Nothing needs to be done; the deletion reaches the other side by itself.',
  });
}

/** Records why the file cannot be read, and gives the refusal for the partner; `error` itself when it is not about this file. */
export async function refuseFile(ctx: ServiceContext, file: LocalFile, error: TrackerError): Promise<Error> {
  const code = await reasonOf(ctx, file, error);
  if (code === 'not_about_it') return error;
  if (code === 'gone') {
    await hintIssues(ctx, [file.issueId]);
    return fileIsGone();
  }
  const fault = new Fault('file_unreadable', `"${file.filename}" of ${file.issueKey}: ${error.message}`, {
    cause: error,
  });
  ctx.logger.warn({ err: error, twinId: file.twinId, code }, 'file cannot be read');
  const { twinId, connectionId, traceUid } = file;
  await recordFault(ctx, fault, { twinId, connectionId, subject: traceUid });
  return new PartnerRefusal(422, code, fileFaultTexts[code]);
}

async function reasonOf(
  ctx: ServiceContext,
  file: LocalFile,
  error: TrackerError,
): Promise<FileFault | 'gone' | 'not_about_it'> {
  if (ofAllRequests.has(error.code)) return 'not_about_it';
  if (error.code === 'not_found') {
    const { attachments } = await ctx.jira().readIssue(file.issueId);
    return attachments?.some(({ id }) => id === file.localId) === true ? 'file_missing' : 'gone';
  }
  if (!(await jiraAnswers(ctx))) return 'not_about_it';
  if (error.code === 'forbidden') return 'file_forbidden';
  return error.webPage ? 'file_login_page' : 'file_failed';
}
