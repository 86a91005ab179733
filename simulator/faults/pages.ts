import { html, redirect } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Fault } from './types.ts';

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) };
}

function tomcatPage(status: number, title: string, message: string): string {
  return `<!doctype html><html lang="en"><head><title>HTTP Status ${status} – ${title}</title></head><body><h1>HTTP Status ${status} – ${title}</h1><hr class="line" /><p><b>Type</b> Status Report</p><p><b>Message</b> ${message}</p><hr class="line" /><h3>Apache Tomcat</h3></body></html>`;
}

/** The answer that comes instead of handling the request, or null when the fault lets it be handled. */
export function insteadReply(fault: Fault): Reply | null {
  switch (fault.kind) {
    case 'tooManyRequests':
      return html(
        429,
        tomcatPage(429, 'Too Many Requests', 'Rate limit exceeded.'),
        retryAfter(fault.retryAfterSeconds),
      );
    case 'unavailable':
      return html(
        503,
        '<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>',
        retryAfter(fault.retryAfterSeconds),
      );
    case 'loginPage':
      return html(
        200,
        '<!DOCTYPE html><html><head><title>Log in</title></head><body><form id="login-form" action="/login.jsp" method="post"><input name="os_username"/><input name="os_password" type="password"/></form></body></html>',
      );
    case 'redirect':
      return redirect(fault.location);
    case 'firewall':
      return {
        ...html(403, '<html><head><title>403 Forbidden</title></head><body>Blocked.</body></html>'),
        inFront: true,
      };
    case 'emptyAuthFailure':
      return { status: 200, headers: { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }, body: '' };
    case 'respond':
      return {
        status: fault.status,
        headers: { 'Content-Type': fault.contentType ?? 'text/html;charset=UTF-8', ...fault.headers },
        body: fault.body ?? '',
      };
    case 'latency':
    case 'performThenCut':
    case 'cutBefore':
    case 'performThen502':
    case 'performThenHang':
    case 'truncate':
    case 'hang':
    case 'localised':
      return null;
  }
}

/** What a proxy answers when the server behind it did. */
export function badGateway(): Reply {
  return html(
    502,
    '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>',
  );
}
