import type { Jira } from '../core/jira.ts';
import { componentBean, projectBean, versionBean } from '../projects/bean.ts';
import type { IssueTypeRecord, ProjectRecord, UserRecord } from '../store/records.ts';
import { DEFAULT_PRIORITY, PRIORITIES, issueTypeBean, priorityBean } from './catalog.ts';
import { fieldById } from './fields.ts';
import { screenOf } from './screens.ts';

type Bean = Record<string, unknown>;

interface Where {
  jira: Jira;
  user: UserRecord | null;
  project: ProjectRecord;
  type: IssueTypeRecord;
  /** Types that issuetype may be set to. */
  types: IssueTypeRecord[];
  issueKey: string | null;
}

function allowedValues(where: Where, id: string): unknown[] | null {
  const { jira, project } = where;
  switch (id) {
    case 'issuetype':
      return where.types.map((type) => issueTypeBean(jira, type));
    case 'project':
      return [projectBean(jira, project)];
    case 'priority':
      return PRIORITIES.map((one) => priorityBean(jira, one.id));
    case 'components':
      return project.components.map((one) => componentBean(jira, one));
    case 'fixVersions':
    case 'versions':
      return project.versions.map((one) => versionBean(jira, project, one));
    default:
      return null;
  }
}

function autoComplete(where: Where, id: string): string | null {
  const { baseUrl } = where.jira;
  switch (id) {
    case 'reporter':
      return `${baseUrl}/rest/api/latest/user/search?username=`;
    case 'assignee':
      return `${baseUrl}/rest/api/latest/user/assignable/search?issueKey=${where.issueKey ?? 'null'}&username=`;
    case 'labels':
      return `${baseUrl}/rest/api/1.0/labels/suggest?query=`;
    case 'issuelinks':
      return `${baseUrl}/rest/api/2/issue/picker?currentProjectId=&showSubTaskParent=true&showSubTasks=true&currentIssueKey=${where.issueKey ?? 'null'}&query=`;
    default:
      return null;
  }
}

function defaultValue(where: Where, id: string): unknown {
  if (id === 'priority') return priorityBean(where.jira, DEFAULT_PRIORITY);
  if (id === 'assignee') return { name: '-1' };
  return undefined;
}

/** One field as createmeta and editmeta describe it; null for a field there is not. */
export function fieldMeta(where: Where, id: string): Bean | null {
  const field = fieldById(where.jira, id);
  if (field === undefined) return null;
  const url = autoComplete(where, id);
  const values = allowedValues(where, id);
  const standard = defaultValue(where, id);
  return {
    required: screenOf(where.jira, where.project, where.type).required.includes(id),
    schema: field.schema,
    name: field.name,
    fieldId: id,
    ...(url === null ? {} : { autoCompleteUrl: url }),
    hasDefaultValue: standard !== undefined,
    operations: field.operations,
    ...(values === null ? {} : { allowedValues: values }),
    ...(standard === undefined ? {} : { defaultValue: standard }),
  };
}
