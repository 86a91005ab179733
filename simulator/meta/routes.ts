import { jiraTimestamp } from '../core/zone.ts';
import { issueTypeBean, linkTypeBean, priorityBean, resolutionBean, statusBean, statusCategories } from './catalog.ts';
import { LINK_TYPES, PRIORITIES, RESOLUTIONS, STATUSES } from './catalog.ts';
import { isAdmin, needAdmin } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError, noSuchPath } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import { fieldBeans } from './fields.ts';

function serverInfo(call: Call): Reply {
  const { jira } = call;
  // measured on 10.3: anonymous is refused; older servers answer anybody
  if (jira.version.atLeast(10)) call.needUser();
  const build = jira.version.buildNumber;
  return ok({
    baseUrl: jira.baseUrl,
    version: jira.version.text,
    versionNumbers: jira.version.numbers,
    ...(jira.version.atLeast(7, 2) ? { deploymentType: 'Server' } : {}),
    buildNumber: build,
    buildDate: jiraTimestamp(Date.UTC(2025, 0, 22), jira.settings.timeZone),
    ...(jira.version.atLeast(8, 5) ? { databaseBuildNumber: build } : {}),
    serverTime: jiraTimestamp(jira.now(), jira.settings.timeZone),
    scmInfo: '5ed0c0de00000000000000000000000000000000',
    serverTitle: jira.settings.serverTitle,
  });
}

function indexSummary(call: Call): Reply {
  const { jira } = call;
  needAdmin(call.user);
  if (!jira.version.atLeast(8, 4)) throw noSuchPath(call);
  const zone = jira.settings.timeZone;
  let last = 0;
  for (const issue of jira.store.issues.values()) last = Math.max(last, issue.updated);
  return ok({
    nodeId: 'node1',
    reportTime: jiraTimestamp(jira.now(), zone),
    issueIndex: {
      indexReadable: true,
      countInDatabase: jira.store.issues.size,
      countInIndex: jira.index.size,
      countInArchive: 0,
      ...(last === 0
        ? {}
        : {
            lastUpdatedInDatabase: jiraTimestamp(last, zone),
            lastUpdatedInIndex: jiraTimestamp(jira.index.lastUpdated, zone),
          }),
    },
    replicationQueues: {},
  });
}

function one<T extends { id: string; name: string }>(
  call: Call,
  list: T[],
  what: string,
  bean: (id: string) => unknown,
  byName = false,
): Reply {
  const wanted = call.param('id');
  const found = list.find((item) => item.id === wanted) ?? list.find((item) => byName && item.name === wanted);
  if (found === undefined) throw new JiraError(404, `The ${what} with id '${wanted}' does not exist`);
  return ok(bean(found.id));
}

export function addMetaRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/serverInfo`, serverInfo);
  router.add('GET', '/status', () => ok({ state: 'RUNNING' }));
  router.add('GET', `${api}/index/summary`, indexSummary);
  router.add('GET', `${api}/field`, (call) => ok(fieldBeans(call.jira)));
  router.add('GET', `${api}/issuetype`, (call) =>
    ok([...call.jira.store.issueTypes.values()].map((type) => issueTypeBean(call.jira, type))),
  );
  router.add('GET', `${api}/issuetype/{id}`, (call) => {
    const type = call.jira.store.issueTypes.get(call.param('id'));
    if (type === undefined) throw new JiraError(404, `The issue type with id '${call.param('id')}' does not exist`);
    return ok(issueTypeBean(call.jira, type));
  });
  router.add('GET', `${api}/priority`, (call) => ok(PRIORITIES.map((item) => priorityBean(call.jira, item.id))));
  router.add('GET', `${api}/priority/{id}`, (call) =>
    one(call, PRIORITIES, 'priority', (id) => priorityBean(call.jira, id)),
  );
  router.add('GET', `${api}/status`, (call) => ok(STATUSES.map((item) => statusBean(call.jira, item.id))));
  router.add('GET', `${api}/status/{id}`, (call) =>
    one(call, STATUSES, 'status', (id) => statusBean(call.jira, id), true),
  );
  router.add('GET', `${api}/statuscategory`, (call) => ok(statusCategories(call.jira)));
  router.add('GET', `${api}/statuscategory/{idOrKey}`, (call) => {
    const wanted = call.param('idOrKey');
    const found = statusCategories(call.jira).find((item) => String(item.id) === wanted || item.key === wanted);
    if (found === undefined) throw new JiraError(404, `The status category with id '${wanted}' does not exist`);
    return ok(found);
  });
  router.add('GET', `${api}/resolution`, (call) => ok(RESOLUTIONS.map((item) => resolutionBean(call.jira, item.id))));
  router.add('GET', `${api}/resolution/{id}`, (call) =>
    one(call, RESOLUTIONS, 'resolution', (id) => resolutionBean(call.jira, id)),
  );
  const needLinkTypes = (call: Call): void => {
    call.needUser();
    if (!call.jira.settings.issueLinking) throw new JiraError(404, 'Issue linking is currently disabled.');
  };
  router.add('GET', `${api}/issueLinkType/{id}`, (call) => {
    needLinkTypes(call);
    return one(call, LINK_TYPES, 'issue link type', (id) => linkTypeBean(call.jira, id));
  });
  router.add('GET', `${api}/issueLinkType`, (call) => {
    needLinkTypes(call);
    return ok({ issueLinkTypes: LINK_TYPES.map((item) => linkTypeBean(call.jira, item.id)) });
  });
  router.add('GET', `${api}/attachment/meta`, (call) =>
    ok({ enabled: call.jira.settings.attachmentsEnabled, uploadLimit: call.jira.settings.attachmentLimitBytes }),
  );
  router.add('GET', `${api}/configuration`, (call) => {
    call.needUser();
    return ok({
      votingEnabled: true, watchingEnabled: true, unassignedIssuesAllowed: true, subTasksEnabled: true,
      issueLinkingEnabled: call.jira.settings.issueLinking, timeTrackingEnabled: true,
      attachmentsEnabled: call.jira.settings.attachmentsEnabled,
    }); // prettier-ignore
  });
  router.add('GET', `${api}/application-properties`, (call) => {
    if (!isAdmin(call.user))
      throw new JiraError(call.user === null ? 401 : 403, 'You are not authorised to see the properties.');
    const value = String(call.jira.settings.textLimit);
    return ok([{ id: 'jira.text.field.character.limit', key: 'jira.text.field.character.limit', value, name: 'jira.text.field.character.limit', desc: '', type: 'number', defaultValue: '32767' }]); // prettier-ignore
  });
}
