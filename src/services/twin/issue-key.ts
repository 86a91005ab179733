import { ServiceError } from '../errors.ts';
import { isIssueKey } from '#/engine/twin/issue-key.ts';

/** The key in Jira's spelling. Throws `invalid_input` at the field. */
export function parseIssueKey(text: string, field: string): string {
  const key = text.trim().toUpperCase();
  if (isIssueKey(key)) return key;
  throw new ServiceError('invalid_input', {
    summary: text.trim() === '' ? 'Please enter an issue key.' : `"${text.trim().slice(0, 60)}" is not an issue key.`,
    why: 'An issue key is a project key, a dash and a number, such as TEST-1.',
    remedy: 'Enter the key as Jira shows it.',
    field,
  });
}
