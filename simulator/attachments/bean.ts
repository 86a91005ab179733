import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import type { AttachmentRecord } from '../store/records.ts';
import { leadBean, userBeanOf } from '../users/bean.ts';

type Bean = Record<string, unknown>;

/** Form encoding as java.net.URLEncoder does it: a space becomes `+`, and of the punctuation only `.-*_` stays. */
export function contentUrl(jira: Jira, one: AttachmentRecord): string {
  const name = percentEncode(one.filename, /[!'()~]/g).replaceAll('%20', '+');
  return `${jira.baseUrl}/secure/attachment/${one.id}/${name}`;
}

/** As encodeURIComponent, and of what that leaves alone the characters `also` finds. */
export function percentEncode(text: string, also: RegExp): string {
  const hex = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(also, hex);
}

function common(jira: Jira, one: AttachmentRecord): Bean {
  return { created: jiraTimestamp(one.created, jira.settings.timeZone), size: one.size, mimeType: one.mimeType };
}

function links(jira: Jira, one: AttachmentRecord): Bean {
  const thumbnail = { thumbnail: `${jira.baseUrl}/secure/thumbnail/${one.id}/_thumb_${one.id}.png` };
  return { content: contentUrl(jira, one), ...(one.mimeType.startsWith('image/') ? thumbnail : {}) };
}

/** Inside an issue, and as the answer to an upload: with id. */
export function attachmentBean(jira: Jira, one: AttachmentRecord): Bean {
  return {
    self: `${jira.baseUrl}/rest/api/2/attachment/${one.id}`,
    id: one.id,
    filename: one.filename,
    ...(one.author === null ? {} : { author: userBeanOf(jira, one.author) }),
    ...common(jira, one),
    ...links(jira, one),
  };
}

/** `GET /attachment/{id}`: without id, the author without mail and zone. */
export function attachmentResource(jira: Jira, one: AttachmentRecord): Bean {
  const author = jira.store.users.get(one.author);
  return {
    self: `${jira.baseUrl}/rest/api/2/attachment/${one.id}`,
    filename: one.filename,
    ...(author === undefined ? {} : { author: leadBean(jira, author) }),
    ...common(jira, one),
    properties: {},
    ...links(jira, one),
  };
}
