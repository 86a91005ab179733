/** Jira's default pattern for keys: a project key of at least two characters that begins with a letter, a dash, a number. */
export function isIssueKey(text: string): boolean {
  return /^[A-Z][A-Z0-9_]+-[1-9][0-9]{0,17}$/.test(text);
}
