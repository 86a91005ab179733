import type { Jira } from '../core/jira.ts';
import { can } from '../permissions/check.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';
import { customFieldClause } from './custom.ts';
import { invalidDate, jqlInstant } from './dates.ts';
import type { Clause, Operand, Operator } from './parser.ts';
import { unknownHere } from './lexer.ts';
import { withoutNot } from './negate.ts';
import { textClause } from './text.ts';
import type { TextOperator } from './text.ts';
import { NOTHING, listedField } from './values.ts';

export type Test = (issue: IssueRecord) => boolean;
type Term = Clause & { kind: 'term' };

/** Turns clauses into tests, gathering what is wrong with their values. */
export class Compiler {
  readonly jira: Jira;
  readonly user: UserRecord | null;
  readonly errors: string[] = [];

  constructor(jira: Jira, user: UserRecord | null) {
    this.jira = jira;
    this.user = user;
  }

  compile(clause: Clause): Test {
    switch (clause.kind) {
      case 'and': {
        const tests = clause.parts.map((part) => this.compile(part));
        return (issue) => tests.every((test) => test(issue));
      }
      case 'or': {
        const tests = clause.parts.map((part) => this.compile(part));
        return (issue) => tests.some((test) => test(issue));
      }
      case 'not':
        return this.compile(withoutNot(clause));
      case 'term':
        return this.#term(clause);
    }
  }

  #term(term: Term): Test {
    const field = term.field.toLowerCase();
    if (!this.#fitsEmpty(term)) return () => false;
    if (['key', 'issuekey', 'issue', 'id'].includes(field)) return this.#issueTerm(term);
    const date = DATES[field];
    if (date !== undefined) return this.#dateTerm(term, date);
    const textOperators = TEXTS[field];
    if (textOperators !== undefined) return this.#textTerm(term, field, textOperators);
    if (listedField(this.jira, this.user, field) !== null) return this.#listedTerm(term, field);
    const custom = customFieldClause(this.jira, term, () => this.#values(term));
    if (custom !== null) return custom;
    if (KNOWN_ELSEWHERE.includes(field)) throw unknownHere(`the field '${term.field}'`);
    this.errors.push(`Field '${term.field}' does not exist or you do not have permission to view it.`);
    return () => false;
  }

  #unsupported(term: Term): Test {
    this.errors.push(`The operator '${term.operator}' is not supported by the '${term.field}' field.`);
    return () => false;
  }

  /** IS asks for EMPTY and nothing else; no order and no text holds EMPTY. That it is refused is Jira's, the words are not. */
  #fitsEmpty({ operator, operands }: Term): boolean {
    const isEmpty = (one: Operand): boolean => one.kind === 'empty';
    const onlyEmpty = operator === 'is' || operator === 'is not';
    const fits = onlyEmpty ? operands.every(isEmpty) : !(NEVER_EMPTY.includes(operator) && operands.some(isEmpty));
    if (!fits)
      this.errors.push(`The operator '${operator}' ${onlyEmpty ? 'only supports' : 'does not support'} EMPTY.`);
    return fits;
  }

  /** Texts of the operands; functions are worked out. */
  #values(term: Term): string[] {
    return term.operands.flatMap((operand) => this.#value(operand));
  }

  #value(operand: Operand): string[] {
    if (operand.kind === 'value') return [operand.text];
    if (operand.kind === 'empty') return [];
    if (operand.name.toLowerCase() !== 'currentuser') throw unknownHere(`the function '${operand.name}()'`);
    this.#takesNothing(operand);
    return this.user === null ? [] : [this.user.name];
  }

  #takesNothing({ name, args }: Operand & { kind: 'function' }): void {
    if (args.length > 0)
      this.errors.push(`Function '${name}' expected '0' arguments but received '${String(args.length)}'.`);
  }

  #textTerm(term: Term, field: string, operators: readonly TextOperator[]): Test {
    const operator = operators.find((one) => one === term.operator);
    if (operator === undefined) return this.#unsupported(term);
    const values = this.#values(term);
    if (values.some((text) => text.trim() === ''))
      this.errors.push(`The field '${term.field}' does not support searching for an empty string.`);
    return textClause(this.jira, this.user, field, operator, values);
  }

  #isEmpty(term: Term, empty: Test): Test | null {
    const onlyEmpty = term.operands.length === 1 && term.operands[0]?.kind === 'empty';
    if (term.operator === 'is' || (term.operator === '=' && onlyEmpty)) return empty;
    if (term.operator === 'is not' || (term.operator === '!=' && onlyEmpty)) return (issue) => !empty(issue);
    return null;
  }

  #listedTerm(term: Term, name: string): Test {
    const field = listedField(this.jira, this.user, name);
    if (field === null) return this.#unsupported(term);
    const empty = this.#isEmpty(term, (issue) => field.of(issue).length === 0);
    if (empty !== null) return empty;
    const compare = COMPARE[term.operator];
    const isOrder = compare !== undefined && term.operator !== '=' && term.operator !== '!=';
    if (isOrder) {
      if (ORDERED_ELSEWHERE.includes(name)) throw unknownHere(`the operator '${term.operator}' of the field '${name}'`);
      if (field.rank === undefined) return this.#unsupported(term);
    }
    if (!isOrder && !['=', '!=', 'in', 'not in'].includes(term.operator)) return this.#unsupported(term);
    const wanted = new Set<string>();
    for (const text of this.#values(term)) {
      const ids = field.find(text);
      if (ids.length === 0) this.errors.push(`The value '${text}' does not exist for the field '${term.field}'.`);
      for (const id of ids) wanted.add(id);
    }
    const { rank } = field;
    if (isOrder && rank !== undefined)
      return (issue) => field.of(issue).some((id) => [...wanted].some((one) => compare(rank(id), rank(one))));
    const orEmpty = wanted.has(NOTHING) || term.operands.some((operand) => operand.kind === 'empty');
    const has: Test = (issue) => {
      const ids = field.of(issue);
      return ids.length === 0 ? orEmpty : ids.some((id) => wanted.has(id));
    };
    if (term.operator === '=' || term.operator === 'in') return has;
    // as in Jira, "not equal" does not find issues without a value
    return (issue) => field.of(issue).length > 0 && !has(issue);
  }

  #dateTerm(term: Term, read: (issue: IssueRecord) => number | null): Test {
    const empty = this.#isEmpty(term, (issue) => read(issue) === null);
    if (empty !== null) return empty;
    const operand = term.operands[0];
    const at = operand === undefined ? null : this.#instant(term, operand);
    if (at === null) return () => false;
    const compare = COMPARE[term.operator];
    if (compare === undefined) return this.#unsupported(term);
    return (issue) => {
      const value = read(issue);
      return value !== null && compare(Math.floor(value / 1000) * 1000, at);
    };
  }

  #instant(term: Term, operand: Operand): number | null {
    if (operand.kind === 'empty') return null;
    if (operand.kind === 'function') {
      if (operand.name.toLowerCase() !== 'now') throw unknownHere(`the function '${operand.name}()'`);
      this.#takesNothing(operand);
      return this.jira.now();
    }
    return this.dateOf(term.field, operand.text, operand.quoted);
  }

  /** A date as this account means it. */
  dateOf(field: string, text: string, quoted: boolean): number | null {
    const zone = this.user?.timeZone ?? this.jira.settings.timeZone;
    const at = jqlInstant(text, quoted, zone, this.jira.now());
    if (at === null) this.errors.push(invalidDate(text, field));
    return at;
  }

  #issueTerm(term: Term): Test {
    const texts = this.#values(term);
    if (['>', '>=', '<', '<='].includes(term.operator)) return this.#issueOrder(term, texts[0] ?? '');
    if (!['=', '!=', 'in', 'not in'].includes(term.operator)) return this.#unsupported(term);
    const ids = new Set<string>();
    for (const text of texts) {
      const issue = this.jira.store.issue(text);
      const project = issue === undefined ? undefined : this.jira.store.projects.get(issue.projectId);
      if (issue !== undefined && project !== undefined && can(this.jira, this.user, 'BROWSE_PROJECTS', project, issue))
        ids.add(issue.id);
      else this.errors.push(missingIssue(text, term.field));
    }
    const equal = term.operator === '=' || term.operator === 'in';
    return (issue) => ids.has(issue.id) === equal;
  }

  #issueOrder(term: Term, text: string): Test {
    const compare = COMPARE[term.operator];
    if (compare === undefined) return this.#unsupported(term);
    const key = /^([A-Za-z][A-Za-z0-9_]*)-(\d+)$/.exec(text);
    if (key !== null) {
      const project = this.jira.store.project(key[1] ?? '');
      if (project === undefined) this.errors.push(missingIssue(text, term.field));
      const number = Number(key[2]);
      return (issue) => issue.projectId === project?.id && compare(issue.number, number);
    }
    if (!/^\d+$/.test(text)) this.errors.push(`The issue key '${text}' for field '${term.field}' is invalid.`);
    const id = Number(text);
    return (issue) => compare(Number(issue.id), id);
  }
}

function missingIssue(text: string, field: string): string {
  if (/^\d+$/.test(text)) return `A value with ID '${text}' does not exist for the field '${field}'.`;
  if (!/^[A-Za-z][A-Za-z0-9_]*-\d+$/.test(text)) return `The issue key '${text}' for field '${field}' is invalid.`;
  return `An issue with key '${text}' does not exist for field '${field}'.`;
}

const NEVER_EMPTY: Operator[] = ['>', '>=', '<', '<=', '~', '!~'];

const COMPARE: Partial<Record<Operator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

export const DATES: Record<string, (issue: IssueRecord) => number | null> = {
  updated: (issue) => issue.updated,
  updateddate: (issue) => issue.updated,
  created: (issue) => issue.created,
  createddate: (issue) => issue.created,
  resolved: (issue) => issue.resolved,
  resolutiondate: (issue) => issue.resolved,
  due: (issue) => (issue.duedate === null ? null : Date.parse(issue.duedate)),
  duedate: (issue) => (issue.duedate === null ? null : Date.parse(issue.duedate)),
};

/** Which operators each text field takes, by the list of JQL fields in Atlassian's documentation. */
const TEXTS: Record<string, readonly TextOperator[]> = {
  summary: ['~', '!~', 'is', 'is not'],
  description: ['~', '!~', 'is', 'is not'],
  environment: ['~', '!~', 'is', 'is not'],
  comment: ['~', '!~'],
  text: ['~'],
};
/** Fields whose values a real Jira can put in order, and this one does not. */
const ORDERED_ELSEWHERE = ['fixversion', 'resolution'];
const KNOWN_ELSEWHERE = [
  'affectedversion', 'category', 'filter', 'lastviewed', 'level', 'originalestimate', 'remainingestimate', 'statuscategory',
  'timespent', 'voter', 'votes', 'watcher', 'watchers', 'worklogauthor', 'worklogdate', 'workratio', 'attachments', 'issuelink', 'issuelinktype',
]; // prettier-ignore
