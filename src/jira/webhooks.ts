import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerWebhook } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import type { TtlCache } from './cache.ts';
import type { Answer, Call } from './call.ts';
import type { JiraClient } from './client.ts';
import { succeedWhenGone } from './gone.ts';
import { parseAnswer } from './parse.ts';
import { idSchema, optional } from './schemas.ts';
import { atLeast, jiraVersion } from './server.ts';

/** What Jira shall report. Attachments show as `jira:issue_updated`; `attachment_*` events are Cloud's. */
export const webhookEvents = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
] as const;

type Generation = 'up to 9' | 'from 10';
const collections: Readonly<Record<Generation, string>> = {
  'up to 9': '/rest/webhooks/1.0/webhook',
  'from 10': '/rest/jira-webhook/1.0/webhooks',
};

/** Up to 9.x there is no `id`: it is the last part of `self`. From 10 on, `active` replaces `enabled`. */
const webhookSchema: z.ZodType<TrackerWebhook> = z
  .object({
    id: optional(idSchema),
    self: optional(z.string()),
    name: optional(z.string()),
    url: z.string(),
    enabled: optional(z.boolean()),
    active: optional(z.boolean()),
  })
  .transform((hook, context) => {
    const id = hook.id ?? hook.self?.split('/').findLast((part) => part !== '');
    if (id === undefined) {
      context.addIssue({ code: 'custom', message: 'neither id nor self', path: ['id'] });
      return z.NEVER;
    }
    return { id, name: hook.name ?? '', url: hook.url, enabled: hook.enabled ?? hook.active ?? true };
  });

const pageSchema = z.object({ values: z.array(z.unknown()) });
const webhookListSchema = z.preprocess(
  (value) => (Array.isArray(value) ? value : (pageSchema.safeParse(value).data?.values ?? value)),
  z.array(webhookSchema),
);

/** Registered webhooks. `forbidden` unless the account is a Jira administrator. */
export async function readWebhooks(client: JiraClient, cache: TtlCache): Promise<readonly TrackerWebhook[]> {
  const { answer } = await onCollection(client, cache, (collection) => ({ method: 'GET', path: collection }));
  return parseAnswer(webhookListSchema, answer, { what: 'GET /webhooks', reads: true });
}

/**
 * Registers a webhook for {@link webhookEvents} on the issues of `jql`. The keys are those of 9.x; clients in the field send
 * them to 10.x as well. Should Jira ignore the filter, it reports more issues than asked for, which is harmless for a hint.
 */
export async function registerWebhook(
  client: JiraClient,
  cache: TtlCache,
  hook: { name: string; url: string; jql: string },
): Promise<TrackerWebhook> {
  const json = {
    name: hook.name,
    url: hook.url,
    events: webhookEvents,
    filters: { 'issue-related-events-section': hook.jql },
    excludeBody: false,
  };
  const { answer } = await onCollection(client, cache, (collection) => ({ method: 'POST', path: collection, json }));
  return parseAnswer(webhookSchema, answer, { what: 'POST /webhooks', reads: false });
}

/** Removes a webhook; success when it is gone already. */
export async function removeWebhook(client: JiraClient, cache: TtlCache, id: string): Promise<void> {
  await succeedWhenGone(
    onCollection(client, cache, (collection) => ({ method: 'DELETE', path: collection + path`/${id}` })),
  );
}

async function onCollection(
  client: JiraClient,
  cache: TtlCache,
  call: (collection: string) => Omit<Call, 'route' | 'adminOnly'>,
): Promise<{ answer: Answer }> {
  const isNew = atLeast(await jiraVersion(client, cache), 10, 0);
  const order: readonly [Generation, Generation] = isNew === true ? ['from 10', 'up to 9'] : ['up to 9', 'from 10'];
  const send = (generation: Generation) =>
    client.call({ ...call(collections[generation]), route: '/webhooks', adminOnly: true });
  try {
    return { answer: await send(order[0]) };
  } catch (error) {
    await identityBehind401(client, error);
    if (!(error instanceof TrackerError) || error.status !== 404) throw error;
    try {
      return { answer: await send(order[1]) };
    } catch (second) {
      // Neither place knows it: the first answer is that of the place which fits the version.
      throw second instanceof TrackerError && second.status === 404 ? error : second;
    }
  }
}

async function identityBehind401(client: JiraClient, error: unknown): Promise<void> {
  if (error instanceof TrackerError && error.code === 'forbidden' && error.status === 401) await client.identity(0);
}
