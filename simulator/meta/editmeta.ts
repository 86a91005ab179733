import type { Jira } from '../core/jira.ts';
import { allowedTypes } from '../issues/edit.ts';
import { can, projectOf } from '../permissions/check.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';
import { fieldMeta } from './field-meta.ts';
import { usableFields } from './screens.ts';

/** The fields the user may edit on that issue; none without Edit Issues. */
export function editMeta(jira: Jira, user: UserRecord | null, issue: IssueRecord): { fields: Record<string, unknown> } {
  const project = projectOf(jira, issue);
  const type = jira.store.issueTypes.get(issue.typeId);
  if (type === undefined || !can(jira, user, 'EDIT_ISSUES', project, issue)) return { fields: {} };
  const where = { jira, user, project, type, types: allowedTypes(jira, project, issue), issueKey: issue.key };
  const fields: Record<string, unknown> = {};
  for (const id of usableFields(jira, user, project, type, 'edit', issue)) {
    const meta = fieldMeta(where, id);
    if (meta !== null) fields[id] = meta;
  }
  return { fields };
}
