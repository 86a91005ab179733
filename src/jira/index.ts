import type { IssueTracker } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import { TtlCache } from './cache.ts';
import { JiraClient } from './client.ts';
import { addComment, commentExists, deleteComment, editComment, readCommentProperty } from './comments.ts';
import { readCreatableIssueTypes, readCreateFields } from './create-meta.ts';
import { downloadAttachment } from './download.ts';
import { succeedWhenGone } from './gone.ts';
import { createIssue, editIssue, readEditableIssueTypes, readIssue, readIssueProperty } from './issues.ts';
import { readDefaultIssueType } from './issue-type-scheme.ts';
import type { JiraOptions } from './options.ts';
import { parseAnswer } from './parse.ts';
import { attachmentMetaSchema } from './schemas.ts';
import { searchIssues } from './search.ts';
import { readPermissions, readProjects, readServer } from './server.ts';
import { uploadAttachment } from './upload.ts';
import { readWebhooks, registerWebhook, removeWebhook } from './webhooks.ts';

export type { JiraCredentials, JiraLogger, JiraOptions, RequestInfo } from './options.ts';
export { verifyCredentials } from './verify-credentials.ts';

const cacheMs = 5 * 60_000;
const identityMs = 60_000;

/**
 * The adapter to one Jira Server or Data Center (7.x to 11) as one account, over REST v2. Throws a plain `Error` when the
 * address is no http(s) URL; all else fails in the methods, with `TrackerError`. Its first call proves the credentials by
 * `/myself`; refused ones are not sent again until the re-check time has passed (see `CredentialGate`): when they
 * change, make a new adapter and close this one. `close` cuts what is in flight: finish writes first.
 */
export function createJira(options: JiraOptions): IssueTracker {
  const client = new JiraClient(options);
  return trackerOf(client, new TtlCache(client.clock, cacheMs));
}

function trackerOf(client: JiraClient, cache: TtlCache): IssueTracker {
  const attachmentLimits = () => cache.get('attachment limits', () => readAttachmentLimits(client));
  return {
    baseUrl: client.base.href,
    guarded: (mayWrite) => trackerOf(client.guarded(mayWrite), cache),
    myself: () => client.identity(0),
    proxyUser: () => client.identity(identityMs),
    server: () => readServer(client),
    permissions: (scope) => readPermissions(client, scope),
    projects: () => readProjects(client),
    creatableIssueTypes: (project) =>
      cache.get(`types ${project.key}`, () => readCreatableIssueTypes(client, cache, project)),
    createFields: (project, issueTypeId) =>
      cache.get(`fields ${project.key} ${issueTypeId}`, () => readCreateFields(client, cache, project, issueTypeId)),
    defaultIssueType: (project) =>
      cache.get(`default type ${project.key}`, () => readDefaultIssueType(client, cache, project)),
    search: (query) => searchIssues(client, query),
    readIssue: (idOrKey, readOptions) => readIssue(client, idOrKey, readOptions),
    issueProperty: (idOrKey, key) => readIssueProperty(client, idOrKey, key),
    commentExists: (commentId) => commentExists(client, commentId),
    commentProperty: (commentId, key) => readCommentProperty(client, commentId, key),
    createIssue: (issue) => createIssue(client, issue),
    editIssue: (idOrKey, edit) => editIssue(client, idOrKey, edit),
    editableIssueTypes: (idOrKey) => readEditableIssueTypes(client, idOrKey),
    addComment: (idOrKey, comment) => addComment(client, idOrKey, comment),
    editComment: (idOrKey, commentId, comment) => editComment(client, idOrKey, commentId, comment),
    deleteComment: (idOrKey, commentId) => deleteComment(client, idOrKey, commentId),
    attachmentLimits,
    downloadAttachment: (attachment, signal) => downloadAttachment(client, attachment, signal),
    uploadAttachment: (idOrKey, upload, signal) =>
      uploadAttachment(client, idOrKey, upload, async () => (await attachmentLimits()).uploadLimitBytes, signal),
    deleteAttachment: (id) =>
      succeedWhenGone(
        client.call({ method: 'DELETE', route: '/attachment/{id}', path: path`/rest/api/2/attachment/${id}` }),
      ),
    webhooks: () => readWebhooks(client, cache),
    registerWebhook: (hook) => registerWebhook(client, cache, hook),
    removeWebhook: (id) => removeWebhook(client, cache, id),
    forgetCaches: () => cache.clear(),
    close: () => client.close(),
  };
}

/** `GET /attachment/meta`. Without a limit in the answer there is none to respect. */
async function readAttachmentLimits(client: JiraClient): Promise<{ enabled: boolean; uploadLimitBytes: number }> {
  const answer = await client.call({ method: 'GET', route: '/attachment/meta', path: '/rest/api/2/attachment/meta' });
  const meta = parseAnswer(attachmentMetaSchema, answer, { what: 'GET /attachment/meta', reads: true });
  const enabled = meta.enabled ?? true;
  return { enabled, uploadLimitBytes: meta.uploadLimit ?? (enabled ? Number.MAX_SAFE_INTEGER : 0) };
}
