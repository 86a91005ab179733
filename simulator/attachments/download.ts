import { can, projectOf } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { html, redirect } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { percentEncode } from './bean.ts';

function contentType(mimeType: string): string {
  return mimeType.startsWith('text/') ? `${mimeType};charset=UTF-8` : mimeType;
}

// HTML and SVG would run as pages of this server, so a real Jira does not show them inline either
const INLINE = /^(image\/(?!svg)|text\/(?!html|xml)|application\/pdf$)/;

/** `/secure/attachment/{id}/{name}`: only the id counts. Who may not see it is sent to the login page. */
export function download(call: Call): Reply {
  const { jira, user } = call;
  const one = jira.store.attachments.get(call.param('attachmentId'));
  const issue = jira.store.issues.get(one?.issueId);
  if (one === undefined || issue === undefined)
    return html(
      404,
      '<html><head><title>Not Found (404)</title></head><body><h1>Attachment not found</h1></body></html>',
    );
  if (!can(jira, user, 'BROWSE_PROJECTS', projectOf(jira, issue), issue)) {
    if (user !== null)
      return html(403, '<html><head><title>Forbidden (403)</title></head><body><h1>Access denied</h1></body></html>');
    const back = encodeURIComponent(call.path);
    return redirect(`${jira.baseUrl}/login.jsp?permissionViolation=true&os_destination=${back}&page_caps=&user_role=`);
  }
  const open = jira.contents.open(one);
  if (open === null)
    return html(
      404,
      '<html><head><title>Not Found (404)</title></head><body><h1>The file is missing</h1></body></html>',
    );
  const name = percentEncode(one.filename, /['()*]/g);
  return {
    status: 200,
    headers: {
      'Content-Type': contentType(one.mimeType),
      'Content-Disposition': `${INLINE.test(one.mimeType) ? 'inline' : 'attachment'}; filename*=UTF-8''${name};`,
      'X-Content-Type-Options': 'nosniff',
    },
    body: '',
    stream: { open, length: one.size },
  };
}
