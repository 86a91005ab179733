import type { Jira } from '../core/jira.ts';
import { escapeHtml } from '../issues/rendered.ts';
import { html } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { UserRecord } from '../store/records.ts';

/** Markup that is safe to put into a page: only {@link markup} and {@link raw} make it. */
export interface Markup {
  safe: string;
}

type Part = string | number | null | undefined | false | Markup | Markup[];

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return Array.isArray(part) ? part.map((one) => one.safe).join('') : part.safe;
}

/** Template tag that escapes every value that is no markup already. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { safe: strings.map((text, index) => text + render(parts[index])).join('') };
}

/** For text that was escaped already, such as rendered wiki markup. */
export function raw(safe: string): Markup {
  return { safe };
}

const STYLE = `
:root{color-scheme:light dark;--bg:#f4f5f7;--card:#fff;--text:#172b4d;--dim:#5e6c84;--line:#dfe1e6;--brand:#0052cc;--field:#fafbfc;--code:#f4f5f7}
@media(prefers-color-scheme:dark){:root{--bg:#161a1d;--card:#1d2125;--text:#c7d1db;--dim:#8c9bab;--line:#38414a;--brand:#579dff;--field:#22272b;--code:#22272b}}
*{box-sizing:border-box}body{margin:0;font:14px/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--bg);color:var(--text)}
a{color:var(--brand);text-decoration:none}a:hover{text-decoration:underline}
header{background:var(--brand);padding:10px 24px;display:flex;gap:20px;align-items:center}header,header a{color:#fff}
@media(prefers-color-scheme:dark){header{background:#0c2a5e}}header b{font-size:16px}header .who{margin-left:auto;display:flex;gap:12px;align-items:center}
main{max-width:1100px;margin:24px auto;padding:0 16px}.grid{display:grid;grid-template-columns:minmax(0,1fr) 280px;gap:16px}@media(max-width:800px){.grid{grid-template-columns:minmax(0,1fr)}}
section{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:16px 20px;margin-bottom:16px}h1{font-size:22px;margin:4px 0 12px;overflow-wrap:anywhere}h2{font-size:15px;margin:0 0 10px}
.dim{color:var(--dim);font-size:12px}.lozenge{background:var(--line);border-radius:3px;padding:1px 6px;font-size:11px;font-weight:700;text-transform:uppercase}.new{background:#dfe1e6;color:#42526e}.indeterminate{background:#deebff;color:#0747a6}.done{background:#e3fcef;color:#006644}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:6px 8px;border-top:1px solid var(--line);vertical-align:top}th{font-weight:600;color:var(--dim);font-size:12px}
input,select,textarea{width:100%;padding:6px 8px;font:inherit;color:inherit;background:var(--field);border:1px solid var(--line);border-radius:4px}textarea{min-height:90px;resize:vertical}label{display:block;margin:8px 0 2px;font-size:12px;color:var(--dim)}
button{font:inherit;padding:5px 12px;border:0;border-radius:4px;background:var(--brand);color:#fff;cursor:pointer;margin-top:8px}@media(prefers-color-scheme:dark){button{color:#161a1d}}button.plain{background:none;color:var(--dim);padding:0;margin:0;font-size:12px}
pre{background:var(--code);padding:10px;border-radius:4px;overflow:auto}tt{background:var(--code);padding:0 3px;border-radius:3px}.wiki{overflow-wrap:anywhere}.wiki p{margin:4px 0}details summary{cursor:pointer;color:var(--dim);font-size:12px;margin-top:6px}
.comment{border-top:1px solid var(--line);padding:10px 0}.files{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px}.file{border:1px solid var(--line);border-radius:4px;padding:8px;overflow-wrap:anywhere;font-size:12px}.file img{width:100%;height:90px;object-fit:cover;border-radius:3px}
.row{display:flex;gap:12px;align-items:center}.row form{display:inline}.error{background:#ffebe6;color:#bf2600;padding:8px 12px;border-radius:4px}dl{margin:0;display:grid;grid-template-columns:90px minmax(0,1fr);gap:6px}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}`;

/** A whole page. */
export function page(jira: Jira, user: UserRecord | null, title: string, body: Markup, status = 200): Reply {
  const { contextPath, settings } = jira;
  const who =
    user === null
      ? markup`<a href="${contextPath}/login.jsp">Log In</a>`
      : markup`<span>${user.displayName}</span><a href="${contextPath}/logout">Log Out</a>`;
  const content = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${title} - ${settings.serverTitle}</title><style>${raw(STYLE)}</style></head>
<body><header><b><a href="${contextPath}/">${settings.serverTitle}</a></b><a href="${contextPath}/">Projects</a>${user === null ? null : markup`<a href="${contextPath}/secure/CreateIssue.jspa">Create</a>`}<span class="who">${who}</span></header><main>${body}</main></body></html>`;
  return html(status, content.safe, { 'X-Frame-Options': 'SAMEORIGIN' });
}
