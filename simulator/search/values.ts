import type { Jira } from '../core/jira.ts';
import { PRIORITIES, RESOLUTIONS, STATUSES } from '../meta/catalog.ts';
import { can } from '../permissions/check.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';

/** A field whose values are things with ids: how a value is found, and what an issue has. */
export interface ListedField {
  name: string;
  /** Ids the text may mean; empty when there is none, which is a 400. */
  find: (text: string) => string[];
  of: (issue: IssueRecord) => string[];
  order: (issue: IssueRecord) => string | number;
  /** For fields that `<` and `>` compare: the place of a value, the greater the higher. */
  rank?: (id: string) => number;
}

/** What `find` gives for a text that means "no value". */
export const NOTHING = '';

function named<T extends { id: string; name: string }>(list: Iterable<T>, text: string): string[] {
  const wanted = text.toLowerCase();
  const found = [...list].filter((one) => one.name.toLowerCase() === wanted || one.id === text);
  return found.map((one) => one.id);
}

function some(id: string | null): string[] {
  return id === null ? [] : [id];
}

/** The first of the list is the highest: `priority > Medium` finds High. */
function priorityRank(id: string): number {
  return -PRIORITIES.findIndex((one) => one.id === id);
}

/** The listed fields, by lower-case clause name. */
export function listedField(jira: Jira, user: UserRecord | null, clause: string): ListedField | null {
  const { store } = jira;
  // unknown users are accepted silently: they match nobody
  const person = (text: string): string[] => [
    store.userByName(text)?.id ?? store.users.get(text)?.id ?? `unknown:${text}`,
  ];
  const personOrder = (key: string | null): string => store.users.get(key)?.displayName.toLowerCase() ?? '\uffff';
  switch (clause) {
    case 'project': {
      const seen = [...store.projects.values()].filter((one) => can(jira, user, 'BROWSE_PROJECTS', one));
      const find = (text: string): string[] => {
        const byKey = seen.filter((one) => one.key.toLowerCase() === text.toLowerCase()).map((one) => one.id);
        return byKey.length > 0 ? byKey : named(seen, text);
      };
      return {
        name: 'project',
        find,
        of: (issue) => [issue.projectId],
        order: (issue) => store.projects.get(issue.projectId)?.name ?? '',
      };
    }
    case 'issuetype':
    case 'type':
      return {
        name: clause,
        find: (text) => named(store.issueTypes.values(), text),
        of: (issue) => [issue.typeId],
        order: (issue) => store.issueTypes.get(issue.typeId)?.name ?? '',
      };
    case 'status':
      return {
        name: clause,
        find: (text) => named(STATUSES, text),
        of: (issue) => [issue.statusId],
        order: (issue) => STATUSES.findIndex((one) => one.id === issue.statusId),
      };
    case 'priority':
      return {
        name: clause,
        find: (text) => named(PRIORITIES, text),
        of: (issue) => [issue.priorityId],
        order: (issue) => priorityRank(issue.priorityId),
        rank: priorityRank,
      };
    case 'resolution':
      return {
        name: clause,
        find: (text) => (/^unresolved$/i.test(text) ? [NOTHING] : named(RESOLUTIONS, text)),
        of: (issue) => some(issue.resolutionId),
        order: (issue) => issue.resolutionId ?? '',
      };
    case 'assignee':
      return {
        name: clause,
        find: person,
        of: (issue) => some(issue.assignee),
        order: (issue) => personOrder(issue.assignee),
      };
    case 'reporter':
      return {
        name: clause,
        find: person,
        of: (issue) => some(issue.reporter),
        order: (issue) => personOrder(issue.reporter),
      };
    case 'creator':
      return {
        name: clause,
        find: person,
        of: (issue) => some(issue.creator),
        order: (issue) => personOrder(issue.creator),
      };
    case 'labels':
      return {
        name: clause,
        find: (text) => [text],
        of: (issue) => issue.labels,
        order: (issue) => issue.labels.join(' '),
      };
    case 'component': {
      const all = [...store.projects.values()].flatMap((one) => one.components);
      return {
        name: clause,
        find: (text) => named(all, text),
        of: (issue) => issue.componentIds,
        order: (issue) => issue.componentIds.join(' '),
      };
    }
    case 'fixversion': {
      const all = [...store.projects.values()].flatMap((one) => one.versions);
      return {
        name: clause,
        find: (text) => named(all, text),
        of: (issue) => issue.fixVersionIds,
        order: (issue) => issue.fixVersionIds.join(' '),
      };
    }
    case 'parent':
      return {
        name: clause,
        find: (text) => some(store.issue(text)?.id ?? null),
        of: (issue) => some(issue.parentId),
        order: (issue) => Number(issue.parentId ?? 0),
      };
    default:
      return null;
  }
}
