import { can, projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { empty, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { AttachmentRecord, IssueRecord } from '../store/records.ts';
import { attachmentBean, attachmentResource } from './bean.ts';
import { download } from './download.ts';
import { receiveUploads } from './upload.ts';
import { attach, detach, needAttach } from './write.ts';

/** Receives files and attaches them; also what the issue page's form does. */
export async function attachUploads(call: Call, issue: IssueRecord): Promise<AttachmentRecord[]> {
  call.issueKey = issue.key;
  needAttach(call.jira, call.user, issue);
  const uploads = await receiveUploads(call);
  return uploads
    .filter((upload) => upload.filename !== '')
    .map((upload) => {
      const one = attach(call.jira, call.user, issue.id, upload);
      if (upload.path !== null) call.jira.contents.keep(upload.path, one.id);
      return one;
    });
}

async function upload(call: Call): Promise<Reply> {
  const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
  const all = await attachUploads(call, issue);
  if (all.length === 0) throw new JiraError(400, 'No files were found in the multipart request.');
  return ok(all.map((one) => attachmentBean(call.jira, one)));
}

/** The attachment in the path, with its issue, if the user may see it. */
export function attachmentIn(call: Call): { one: AttachmentRecord; issue: IssueRecord } {
  const id = call.param('attachmentId');
  const one = call.jira.store.attachments.get(id);
  const issue = call.jira.store.issues.get(one?.issueId);
  if (one === undefined || issue === undefined)
    throw new JiraError(404, `The attachment with id '${id}' does not exist`);
  if (!can(call.jira, call.user, 'BROWSE_PROJECTS', projectOf(call.jira, issue), issue)) {
    throw new JiraError(call.user === null ? 401 : 403, `You do not have permission to view attachment with id: ${id}`);
  }
  call.issueKey = issue.key;
  return { one, issue };
}

export function addAttachmentRoutes(router: Router, api: string): void {
  router.add('POST', `${api}/issue/{issueIdOrKey}/attachments`, upload, { rawBody: true });
  router.add('GET', `${api}/attachment/{attachmentId}`, (call) =>
    ok(attachmentResource(call.jira, attachmentIn(call).one)),
  );
  router.add('DELETE', `${api}/attachment/{attachmentId}`, (call) => {
    const { one, issue } = attachmentIn(call);
    detach(call.jira, call.user, issue, one);
    return empty();
  });
}

export function addDownloadRoutes(router: Router): void {
  router.add('GET', '/secure/attachment/{attachmentId}/{name}', download);
  router.add('GET', '/secure/attachment/{attachmentId}/', download);
  router.add('GET', '/secure/thumbnail/{attachmentId}/{name}', download);
}
