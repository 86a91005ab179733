import { commentWrites } from '../comments/operations.ts';
import { addComment } from '../comments/write.ts';
import type { Jira } from '../core/jira.ts';
import { LINK_TYPES } from '../meta/catalog.ts';
import { can, projectOf, visibleIssue } from '../permissions/check.ts';
import { JiraError } from '../server/errors.ts';
import type { IssueLinkRecord, IssueRecord, JsonObject, UserRecord } from '../store/records.ts';
import { item } from './changelog.ts';
import { isObject } from './input.ts';
import type { Operation } from './input.ts';
import { saveIssue } from './save.ts';

function needLinking(jira: Jira, user: UserRecord | null, issue: IssueRecord): void {
  if (!jira.settings.issueLinking) throw new JiraError(403, 'Issue linking is currently disabled.');
  if (!can(jira, user, 'LINK_ISSUES', projectOf(jira, issue), issue)) {
    throw new JiraError(user === null ? 401 : 403, 'No Link Issue Permission for issue');
  }
}

function typeIdOf(body: JsonObject): string {
  const { id, name } = isObject(body['type']) ? body['type'] : {};
  const found = LINK_TYPES.find((type) =>
    id === undefined ? type.name.toLowerCase() === String(name).toLowerCase() : type.id === String(id),
  );
  if (found === undefined) throw new JiraError(404, `No issue link type with name '${String(name ?? id)}' found.`);
  return found.id;
}

function endOf(jira: Jira, user: UserRecord | null, body: JsonObject, side: string): IssueRecord {
  const end = body[side];
  const { id, key } = isObject(end) ? end : {};
  return visibleIssue(jira, user, String(id ?? key ?? ''));
}

/** Links two issues; both get a history entry, as on a real server. A comment goes to the first of them. */
export function linkIssues(jira: Jira, user: UserRecord | null, body: JsonObject): IssueRecord {
  const typeId = typeIdOf(body);
  const inward = endOf(jira, user, body, 'inwardIssue');
  const outward = endOf(jira, user, body, 'outwardIssue');
  needLinking(jira, user, inward);
  const { comment } = body;
  const comments = commentWrites(jira, user, inward, isObject(comment) ? [{ verb: 'add', value: comment }] : []);
  const type = LINK_TYPES.find((one) => one.id === typeId);
  jira.store.links.put({ id: jira.store.nextId('link'), typeId, inwardId: inward.id, outwardId: outward.id });
  const add = (issue: IssueRecord, other: IssueRecord, text: string): void => {
    saveIssue(jira, user, issue, issue, 'issue_updated', [
      item('Link', null, null, other.key, `This issue ${text} ${other.key}`),
    ]);
  };
  add(inward, outward, type?.outward ?? '');
  add(outward, inward, type?.inward ?? '');
  for (const input of comments.added) addComment(jira, user, inward, input);
  return inward;
}

export function addLinkOperation(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  { verb, value }: Operation,
): void {
  if (verb !== 'add' || !isObject(value)) return;
  const own = { key: issue.key };
  linkIssues(
    jira,
    user,
    value['outwardIssue'] === undefined ? { ...value, outwardIssue: own } : { ...value, inwardIssue: own },
  );
}

export function linkIn(jira: Jira, user: UserRecord | null, id: string): IssueLinkRecord {
  const link = jira.store.links.get(id);
  if (link === undefined) throw new JiraError(404, `No issue link with id '${id}' exists.`);
  visibleIssue(jira, user, link.inwardId);
  visibleIssue(jira, user, link.outwardId);
  return link;
}

export function unlinkIssues(jira: Jira, user: UserRecord | null, id: string): void {
  const link = linkIn(jira, user, id);
  const inward = visibleIssue(jira, user, link.inwardId);
  needLinking(jira, user, inward);
  jira.store.links.remove(id);
  for (const [own, other] of [[link.inwardId, link.outwardId], [link.outwardId, link.inwardId]] as const) {
    const issue = visibleIssue(jira, user, own);
    const gone = jira.store.issues.get(other)?.key ?? '';
    saveIssue(jira, user, issue, issue, 'issue_updated', [item('Link', gone, `This issue was linked to ${gone}`, null, null)]);
  } // prettier-ignore
}

export { needLinking };
