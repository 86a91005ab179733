/**
 * The form in which two texts are compared (A10). Jira turns line ends into CRLF when text is typed in a browser and drops
 * white space at the end; neither is a change that somebody made. What travels is the text itself, never this form.
 */
export function comparable(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}

export function sameText(a: string, b: string): boolean {
  return a === b || comparable(a) === comparable(b);
}

/**
 * First line of a comment's copy, naming its author (A7). The proxy user writes all copies, so Jira cannot show who spoke.
 * Characters that Jira's wiki renderer would interpret are escaped, and line breaks removed, so a name is always one plain line.
 */
export function authorLine(authorName: string): string {
  const plain =
    authorName
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, 255) || 'Anonymous';
  return `*${plain.replace(/[\\{}[\]*_^~+\-!|?#]/g, (character) => `\\${character}`)}:*`;
}

export function withAuthorLine(line: string | null, body: string): string {
  return line === null ? body : `${line}\n${body}`;
}

/** The comment without its author line; a copy whose line somebody removed or rewrote is taken as it stands. */
export function withoutAuthorLine(line: string | null, text: string): string {
  if (line === null) return text;
  if (comparable(text) === line) return '';
  for (const lineEnd of ['\r\n', '\n', '\r']) {
    if (text.startsWith(line + lineEnd)) return text.slice(line.length + lineEnd.length);
  }
  return text;
}
