import type { Jira } from '../core/jira.ts';
import { visibleComments } from '../comments/bean.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Simple: every word has to occur (`*` at the end: as the start of one); no stemming, no fuzzy search. */
function contains(text: string, wanted: string): boolean {
  const have = words(text);
  const set = new Set(have);
  return wanted
    .split(/\s+/)
    .filter((part) => part !== '')
    .every((part) => {
      const found = words(part);
      const last = found.at(-1);
      if (part.endsWith('*') && last !== undefined) {
        return found.slice(0, -1).every((word) => set.has(word)) && have.some((word) => word.startsWith(last));
      }
      return found.every((word) => set.has(word));
    });
}

export type TextOperator = '~' | '!~' | 'is' | 'is not';

export function textClause(
  jira: Jira,
  user: UserRecord | null,
  field: string,
  operator: TextOperator,
  values: string[],
): (issue: IssueRecord) => boolean {
  const read = (issue: IssueRecord): string => {
    const comments =
      field === 'comment' || field === 'text' ? visibleComments(jira, user, issue).map((one) => one.body) : [];
    if (field === 'comment') return comments.join('\n');
    if (field === 'text')
      return [issue.summary, issue.description ?? '', issue.environment ?? '', ...comments].join('\n');
    return (
      (field === 'summary' ? issue.summary : field === 'description' ? issue.description : issue.environment) ?? ''
    );
  };
  switch (operator) {
    case 'is':
      return (issue) => read(issue) === '';
    case 'is not':
      return (issue) => read(issue) !== '';
    case '~':
      return (issue) => values.every((value) => contains(read(issue), value));
    case '!~':
      // an issue without any text is found by neither
      return (issue) => read(issue) !== '' && !values.every((value) => contains(read(issue), value));
  }
}
