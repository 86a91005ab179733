import type { Call } from '../server/call.ts';
import { html } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';

function failurePage(reason: string, status: string): string {
  return `<html>
<head><title>${status} (${reason})</title></head>
<body>
<h1>Basic Authentication Failure - Reason : ${reason}</h1>
<div class="aui-message aui-message-warning warning"><p>Encountered a <code>"${status}"</code> error while loading this page.</p></div>
</body>
</html>`;
}

/** The OAuth plug-in's challenge: the realm is the configured base URL. */
function realm(call: Call): string {
  return `OAuth realm="${encodeURIComponent(call.jira.baseUrl)}"`;
}

/** 401 of a wrong password: HTML, also on REST paths. */
export function wrongPassword(call: Call): Reply {
  return html(401, failurePage('AUTHENTICATED_FAILED', '401 - Unauthorized'), {
    'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED',
    'WWW-Authenticate': realm(call),
  });
}

export function captchaHeaders(call: Call): Record<string, string> {
  const base = call.jira.baseUrl;
  return {
    'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED',
    'X-Authentication-Denied-Reason': `CAPTCHA_CHALLENGE; login-url=${base}/login.jsp`,
    'WWW-Authenticate': realm(call),
  };
}

/** 403 once too many attempts failed; the right password gets it as well. */
export function captchaDenied(call: Call): Reply {
  return html(403, failurePage('AUTHENTICATION_DENIED', '403 - Forbidden'), captchaHeaders(call));
}
