/** Rules A3 and A4: which type the twin of an issue gets. */
import type { DefaultIssueType, TrackerIssueType } from '../ports.ts';

export interface IssueTypeQuestion {
  /** Type name on the partner's side. */
  wanted: string;
  /** The partner's issue is a sub-task. */
  subtask: boolean;
  /** The local twin of its parent exists. */
  parentKnown: boolean;
  available: readonly TrackerIssueType[];
  defaultType: DefaultIssueType;
}

export type IssueTypeChoice =
  | { kind: 'mirrored'; issueType: TrackerIssueType }
  | { kind: 'fallback'; issueType: TrackerIssueType; reason: 'no_such_type' | 'no_parent' }
  | { kind: 'none'; available: readonly string[] };

export function chooseIssueType(question: IssueTypeQuestion): IssueTypeChoice {
  const named = findByName(question.available, question.wanted);
  const canBeSubtask = question.subtask && question.parentKnown;
  if (named !== undefined && (!named.subtask || canBeSubtask)) return { kind: 'mirrored', issueType: named };

  const standard = question.available.filter((type) => !type.subtask);
  const fallback = defaultOf(standard, question.defaultType) ?? findByName(standard, 'Task');
  if (fallback === undefined) return { kind: 'none', available: question.available.map((type) => type.name) };
  return { kind: 'fallback', issueType: fallback, reason: named === undefined ? 'no_such_type' : 'no_parent' };
}

/** Exact spelling wins over the same name in other case. */
export function findByName(types: readonly TrackerIssueType[], name: string): TrackerIssueType | undefined {
  const lower = name.toLowerCase();
  return types.find((type) => type.name === name) ?? types.find((type) => type.name.toLowerCase() === lower);
}

function defaultOf(types: readonly TrackerIssueType[], defaultType: DefaultIssueType): TrackerIssueType | undefined {
  if (defaultType.kind !== 'known') return undefined;
  return types.find((type) => type.id === defaultType.issueType.id);
}
