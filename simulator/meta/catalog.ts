import type { Jira } from '../core/jira.ts';
import type { IssueTypeRecord } from '../store/records.ts';

type Bean = Record<string, unknown>;

interface NamedIcon {
  id: string;
  name: string;
  icon: string;
}

/** The server-wide lists that the simulator does not let anybody change. */
export const PRIORITIES: NamedIcon[] = [
  { id: '1', name: 'Highest', icon: 'highest' },
  { id: '2', name: 'High', icon: 'high' },
  { id: '3', name: 'Medium', icon: 'medium' },
  { id: '4', name: 'Low', icon: 'low' },
  { id: '5', name: 'Lowest', icon: 'lowest' },
];
export const DEFAULT_PRIORITY = '3';

interface StatusCategory {
  id: number;
  key: string;
  colorName: string;
  name: string;
}

const CATEGORIES = {
  undefined: { id: 1, key: 'undefined', colorName: 'medium-gray', name: 'No Category' },
  new: { id: 2, key: 'new', colorName: 'default', name: 'To Do' },
  indeterminate: { id: 4, key: 'indeterminate', colorName: 'inprogress', name: 'In Progress' },
  done: { id: 3, key: 'done', colorName: 'success', name: 'Done' },
} satisfies Record<string, StatusCategory>;

export interface Status {
  id: string;
  name: string;
  description: string;
  icon: string;
  category: StatusCategory;
  transitionId: string;
}

export const STATUSES: Status[] = [
  { id: '10000', name: 'To Do', description: '', icon: '', category: CATEGORIES.new, transitionId: '11' },
  { id: '3', name: 'In Progress', description: 'This issue is being actively worked on at the moment by the assignee.', icon: 'images/icons/statuses/inprogress.png', category: CATEGORIES.indeterminate, transitionId: '21' },
  { id: '10001', name: 'Done', description: '', icon: '', category: CATEGORIES.done, transitionId: '31' },
]; // prettier-ignore
export const FIRST_STATUS = '10000';
export const DONE_STATUS = '10001';

export const RESOLUTIONS = [
  { id: '10000', name: 'Done', description: 'Work has been completed on this issue.' },
  { id: '10001', name: "Won't Do", description: "This issue won't be actioned." },
];

export const LINK_TYPES = [
  { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
  { id: '10001', name: 'Cloners', inward: 'is cloned by', outward: 'clones' },
  { id: '10002', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
  { id: '10003', name: 'Relates', inward: 'relates to', outward: 'relates to' },
];

export function priorityBean(jira: Jira, id: string): Bean | null {
  const found = PRIORITIES.find((one) => one.id === id);
  if (found === undefined) return null;
  const { baseUrl } = jira;
  return {
    self: `${baseUrl}/rest/api/2/priority/${id}`,
    iconUrl: `${baseUrl}/images/icons/priorities/${found.icon}.svg`,
    name: found.name,
    id,
  };
}

export function statusOf(id: string): Status {
  const found = STATUSES.find((one) => one.id === id);
  if (found === undefined) throw new Error(`No status ${id}`);
  return found;
}

function categoryBean(jira: Jira, category: StatusCategory): { self: string } & StatusCategory {
  return { self: `${jira.baseUrl}/rest/api/2/statuscategory/${category.id}`, ...category };
}

export function statusCategories(jira: Jira): StatusCategory[] {
  return Object.values(CATEGORIES).map((category) => categoryBean(jira, category));
}

export function statusBean(jira: Jira, id: string): Bean {
  const { name, description, icon, category } = statusOf(id);
  const { baseUrl } = jira;
  return {
    self: `${baseUrl}/rest/api/2/status/${id}`,
    description,
    iconUrl: `${baseUrl}/${icon}`,
    name,
    id,
    statusCategory: categoryBean(jira, category),
  };
}

export function resolutionBean(jira: Jira, id: string | null): Bean | null {
  const found = RESOLUTIONS.find((one) => one.id === id);
  return found === undefined ? null : { self: `${jira.baseUrl}/rest/api/2/resolution/${found.id}`, ...found };
}

export function linkTypeBean(jira: Jira, id: string): Bean {
  const type = LINK_TYPES.find((one) => one.id === id);
  return { ...type, self: `${jira.baseUrl}/rest/api/2/issueLinkType/${id}` };
}

/** createmeta's list of types leaves `avatarId` out, everything else sends it for types that have an avatar. */
export function issueTypeBean(jira: Jira, type: IssueTypeRecord, withAvatar = true): Bean {
  const { baseUrl } = jira;
  const icon = type.avatarId === null ? `images/icons/issuetypes/${type.name.toLowerCase()}.svg` : `secure/viewavatar?size=xsmall&avatarId=${type.avatarId}&avatarType=issuetype`; // prettier-ignore
  return {
    self: `${baseUrl}/rest/api/2/issuetype/${type.id}`,
    id: type.id,
    description: type.description,
    iconUrl: `${baseUrl}/${icon}`,
    name: type.name,
    subtask: type.subtask,
    ...(withAvatar && type.avatarId !== null ? { avatarId: type.avatarId } : {}),
  };
}
