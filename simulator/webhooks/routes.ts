import type { Jira } from '../core/jira.ts';
import { isObject } from '../issues/input.ts';
import { needAdmin } from '../permissions/check.ts';
import { parseJql } from '../search/parser.ts';
import type { Call } from '../server/call.ts';
import { JiraError, messageError, noSuchPath } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { Json, JsonObject, WebhookRecord } from '../store/records.ts';

const FILTER = 'issue-related-events-section';

function filterOf(body: JsonObject): string | undefined {
  const { filters, configuration } = body;
  for (const source of [filters, configuration]) {
    if (!isObject(source)) continue;
    const jql = source[FILTER] ?? source['FILTERS'] ?? source['jqlFilter'] ?? source['jql'];
    if (typeof jql === 'string') return jql;
  }
  return undefined;
}

function oldBean(jira: Jira, hook: WebhookRecord): JsonObject {
  const user = jira.store.userByName(hook.lastUpdatedUser);
  return {
    name: hook.name,
    url: hook.url,
    excludeBody: hook.excludeBody,
    filters: { [FILTER]: hook.jql },
    events: hook.events,
    enabled: hook.enabled,
    self: `${jira.baseUrl}/rest/webhooks/1.0/webhook/${hook.id}`,
    lastUpdatedUser: hook.lastUpdatedUser,
    lastUpdatedDisplayName: user?.displayName ?? hook.lastUpdatedUser,
    lastUpdated: hook.lastUpdated,
  };
}

function newBean(_jira: Jira, hook: WebhookRecord): JsonObject {
  return {
    id: Number(hook.id),
    name: hook.name,
    url: hook.url,
    events: hook.events,
    configuration: { [FILTER]: hook.jql, EXCLUDE_BODY: String(hook.excludeBody) },
    active: hook.enabled,
    scopeType: 'global',
    sslVerificationRequired: true,
    createdDate: hook.created,
    updatedDate: hook.lastUpdated,
    statistics: {},
  };
}

function save(call: Call, known: WebhookRecord | null): WebhookRecord {
  const body = call.bodyObject();
  const text = (value: Json | undefined, fallback: string | undefined): string => {
    if (typeof value === 'string' && value !== '') return value;
    if (fallback === undefined) throw messageError(400, 'Webhook name and url are required.');
    return fallback;
  };
  const jql = filterOf(body) ?? known?.jql ?? '';
  parseJql(jql);
  const { events, excludeBody, enabled, active, configuration, secret } = body;
  const config = isObject(configuration) ? configuration : {};
  const given = secret ?? config['SECRET'] ?? config['secret'];
  const now = call.jira.now();
  return call.jira.store.webhooks.put({
    id: known?.id ?? String(call.jira.store.next('webhook', 1)),
    name: text(body['name'], known?.name),
    url: text(body['url'], known?.url),
    events: Array.isArray(events) ? events.map(String) : (known?.events ?? []),
    jql,
    excludeBody:
      typeof excludeBody === 'boolean'
        ? excludeBody
        : config['EXCLUDE_BODY'] === 'true' || (known?.excludeBody ?? false),
    enabled: typeof enabled === 'boolean' ? enabled : typeof active === 'boolean' ? active : (known?.enabled ?? true),
    secret:
      call.jira.version.hasNewWebhooks && typeof given === 'string' && given !== '' ? given : (known?.secret ?? null),
    lastUpdatedUser: call.needUser().name,
    created: known?.created ?? now,
    lastUpdated: now,
  });
}

function addAt(
  router: Router,
  base: string,
  isThere: (jira: Jira) => boolean,
  bean: (jira: Jira, hook: WebhookRecord) => JsonObject,
): void {
  const guard = (call: Call): void => {
    if (!isThere(call.jira)) throw noSuchPath(call);
    needAdmin(call.user);
  };
  const one = (call: Call): WebhookRecord => {
    guard(call);
    const hook = call.jira.store.webhooks.get(call.param('id'));
    if (hook === undefined) throw new JiraError(404, `Webhook with id ${call.param('id')} doesn't exist`);
    return hook;
  };
  router.add('GET', base, (call): Reply => {
    guard(call);
    return ok([...call.jira.store.webhooks.values()].map((hook) => bean(call.jira, hook)));
  });
  router.add('POST', base, (call) => {
    guard(call);
    return json(201, bean(call.jira, save(call, null)));
  });
  router.add('GET', `${base}/{id}`, (call) => ok(bean(call.jira, one(call))));
  router.add('PUT', `${base}/{id}`, (call) => ok(bean(call.jira, save(call, one(call)))));
  router.add('DELETE', `${base}/{id}`, (call) => {
    call.jira.store.webhooks.remove(one(call).id);
    return empty();
  });
}

export function addWebhookRoutes(router: Router): void {
  addAt(router, '/rest/webhooks/1.0/webhook', (jira) => !jira.version.hasNewWebhooks, oldBean);
  addAt(router, '/rest/jira-webhook/1.0/webhooks', (jira) => jira.version.hasNewWebhooks, newBean);
}
