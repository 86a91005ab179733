import type { Jira } from '../core/jira.ts';
import type { IssueRecord, Json } from '../store/records.ts';
import { unknownHere } from './lexer.ts';
import type { Clause } from './parser.ts';

function texts(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => texts(one));
  if (typeof value === 'object') return texts(value['value'] ?? value['name'] ?? null);
  return [String(value)];
}

/**
 * Custom fields by name or `cf[id]`: equality, `~`, emptiness. Null when the clause is about no custom field. `valuesOf` works
 * out the operands; EMPTY is none of them.
 */
export function customFieldClause(
  jira: Jira,
  term: Clause & { kind: 'term' },
  valuesOf: () => string[],
): ((issue: IssueRecord) => boolean) | null {
  const id = /^cf\[(\d+)\]$/.exec(term.field)?.[1];
  const name = term.field.toLowerCase();
  const field = jira.store.customFields.find((one) =>
    id === undefined ? one.name.toLowerCase() === name : one.id === `customfield_${id}`,
  );
  if (field === undefined) return null;
  const wanted = valuesOf().map((text) => text.toLowerCase());
  const orEmpty = term.operands.some((one) => one.kind === 'empty');
  const of = (issue: IssueRecord): string[] => texts(issue.custom[field.id]).map((text) => text.toLowerCase());
  const has = (issue: IssueRecord): boolean => {
    const values = of(issue);
    return values.length === 0 ? orEmpty : values.some((text) => wanted.includes(text));
  };
  const contains = (issue: IssueRecord): boolean => of(issue).some((text) => wanted.every((one) => text.includes(one)));
  switch (term.operator) {
    case 'is':
      return (issue) => of(issue).length === 0;
    case 'is not':
      return (issue) => of(issue).length > 0;
    case '=':
    case 'in':
      return has;
    case '!=':
    case 'not in':
      return (issue) => of(issue).length > 0 && !has(issue);
    case '~':
      return contains;
    case '!~':
      return (issue) => of(issue).length > 0 && !contains(issue);
    default:
      throw unknownHere(`the operator '${term.operator}' of the field '${term.field}'`);
  }
}
