import type { Jira } from '../core/jira.ts';
import { can } from '../permissions/check.ts';
import { JiraError } from '../server/errors.ts';
import type { IssueRecord, ProjectRecord, UserRecord } from '../store/records.ts';
import { Compiler, DATES } from './compile.ts';
import type { Clause, Query } from './parser.ts';
import { parseJql } from './parser.ts';
import { listedField } from './values.ts';

export interface SearchResult {
  issues: IssueRecord[];
  warnings: string[];
}

/** The issues the JQL finds in the index, sorted, that the user may see. Throws the 400 of a wrong query. */
export function searchIssues(jira: Jira, user: UserRecord | null, jql: string, validate = true): SearchResult {
  const query = parseJql(jql);
  const compiler = new Compiler(jira, user);
  const test = query.where === null ? () => true : compiler.compile(query.where);
  const compare = comparison(jira, user, query);
  if (validate && compiler.errors.length > 0) throw new JiraError(400, compiler.errors);
  const seen = new Map<ProjectRecord, boolean>();
  const issues: IssueRecord[] = [];
  for (const issue of candidates(compiler, query.where)) {
    if (!test(issue)) continue;
    const project = jira.store.projects.get(issue.projectId);
    if (project === undefined || project.archived) continue;
    let visible = seen.get(project);
    if (visible === undefined) seen.set(project, (visible = can(jira, user, 'BROWSE_PROJECTS', project)));
    if (visible || can(jira, user, 'BROWSE_PROJECTS', project, issue)) issues.push(issue);
  }
  return { issues: issues.sort(compare), warnings: compiler.errors };
}

/** Whether one issue fits: the filter of a webhook, evaluated as an all-seeing reader. */
export function matchesJql(jira: Jira, jql: string, issue: IssueRecord, reader: UserRecord | null): boolean {
  if (jql.trim() === '') return true;
  const { where } = parseJql(jql);
  return where === null || new Compiler(jira, reader).compile(where)(issue);
}

/** The narrowest set that the clauses which have to hold allow. */
function candidates(compiler: Compiler, where: Clause | null): Iterable<IssueRecord> {
  const { index, store } = compiler.jira;
  const terms = where === null ? [] : where.kind === 'and' ? where.parts : [where];
  let best: IssueRecord[] | null = null;
  const offer = (found: IssueRecord[]): void => {
    if (best === null || found.length < best.length) best = found;
  };
  for (const term of terms) {
    if (term.kind !== 'term') continue;
    const field = term.field.toLowerCase();
    const operand = term.operands[0];
    if (operand?.kind !== 'value') continue;
    if (['key', 'issuekey', 'issue', 'id'].includes(field)) {
      if (term.operator === '=' || term.operator === 'in') {
        const texts = term.operands.flatMap((one) => (one.kind === 'value' ? [one.text] : []));
        return texts.flatMap((text) => index.get(store.issue(text)?.id ?? '') ?? []);
      }
      if (term.operator.startsWith('>') && /^\d+$/.test(operand.text)) offer(index.idAbove(Number(operand.text) - 1));
    } else if (field === 'updated' && ['>', '>=', '='].includes(term.operator)) {
      const at = compiler.dateOf(term.field, operand.text, operand.quoted);
      if (at !== null) offer(index.updatedSince(at));
    } else if (field === 'project' && term.operator === '=') {
      const id = listedField(compiler.jira, compiler.user, 'project')?.find(operand.text)[0];
      if (id !== undefined) offer(index.inProject(id));
    }
  }
  return best ?? index.all();
}

type Compare = (a: IssueRecord, b: IssueRecord) => number;

function comparison(jira: Jira, user: UserRecord | null, query: Query): Compare {
  const parts = query.orderBy.map(({ field, descending }): Compare => {
    const value = sortValue(jira, user, field);
    return (a, b) => {
      const [x, y] = [value(a), value(b)];
      const order = x < y ? -1 : x > y ? 1 : 0;
      return descending ? -order : order;
    };
  });
  return (a, b) => {
    for (const part of parts) {
      const order = part(a, b);
      if (order !== 0) return order;
    }
    return query.orderBy.length === 0 ? Number(b.id) - Number(a.id) : Number(a.id) - Number(b.id);
  };
}

function sortValue(jira: Jira, user: UserRecord | null, name: string): (issue: IssueRecord) => string | number {
  const field = name.toLowerCase();
  const date = DATES[field];
  if (date !== undefined) return (issue) => Math.floor((date(issue) ?? 0) / 1000); // seconds: ties are real
  if (field === 'id') return (issue) => Number(issue.id);
  if (['key', 'issuekey', 'issue'].includes(field)) {
    const keys = new Map([...jira.store.projects.values()].map((one) => [one.id, one.key]));
    return (issue) => `${keys.get(issue.projectId) ?? ''}-${String(issue.number).padStart(9, '0')}`;
  }
  if (field === 'summary') return (issue) => issue.summary.toLowerCase();
  const listed = listedField(jira, user, field);
  if (listed !== null) return listed.order;
  throw new JiraError(400, `Not able to sort using field '${name}'.`);
}
