const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/** A very small part of wiki markup, enough to read a demo issue; everything is escaped first. */
export function renderWiki(text: string): string {
  const lines = escapeHtml(text.replace(/\r\n?/g, '\n')).split('\n');
  const out: string[] = [];
  let list = false;
  let code = false;
  for (const raw of lines) {
    if (/^\{(code|noformat)(:[^}]*)?\}$/.test(raw.trim())) {
      out.push(code ? '</pre>' : '<pre>');
      code = !code;
      continue;
    }
    if (code) {
      out.push(raw, '\n');
      continue;
    }
    const bullet = /^\s*[*#-]\s+(.*)$/.exec(raw);
    if (list && bullet === null) out.push('</ul>');
    if (bullet !== null) {
      if (!list) out.push('<ul>');
      out.push(`<li>${inline(bullet[1] ?? '')}</li>`);
    } else {
      const heading = /^h([1-6])\.\s+(.*)$/.exec(raw);
      out.push(
        heading === null
          ? raw.trim() === ''
            ? ''
            : `<p>${inline(raw)}</p>`
          : `<h${heading[1]}>${inline(heading[2] ?? '')}</h${heading[1]}>`,
      );
    }
    list = bullet !== null;
  }
  if (list) out.push('</ul>');
  if (code) out.push('</pre>');
  return out.join('');
}

function inline(text: string): string {
  return text
    .replace(/\{\{(.+?)\}\}/g, '<tt>$1</tt>')
    .replace(/(^|[\s(])\*(\S(?:.*?\S)?)\*(?=$|[\s).,:;!?])/g, '$1<b>$2</b>')
    .replace(/(^|[\s(])_(\S(?:.*?\S)?)_(?=$|[\s).,:;!?])/g, '$1<em>$2</em>')
    .replace(/\[([^\]|]+)\|(https?:[^\]|]+)\]/g, '<a href="$2" rel="nofollow noreferrer">$1</a>')
    .replace(/(^|[\s(])(https?:\/\/[^\s<)]+)/g, '$1<a href="$2" rel="nofollow noreferrer">$2</a>');
}
