import { pathWithin } from './base-url.ts';
import type { BaseUrl } from './base-url.ts';

/** Where to fetch an attachment, and whether our credentials may go there. */
export interface AttachmentAddress {
  origin: string;
  path: string;
  withCredentials: boolean;
}

/**
 * Jira writes `content` links with its configured base URL, which often is not the address the node uses. A link below the
 * node's own address is taken as it is; any other that looks like Jira's (`/secure/attachment/{id}/…`) is asked for at the
 * node's address, so that credentials go to the configured host only; what is left is fetched without credentials, over
 * https alone. null: not to be fetched at all.
 */
export function attachmentAddress(
  base: BaseUrl,
  attachment: { id: string; contentUrl: string },
): AttachmentAddress | null {
  const url = URL.parse(attachment.contentUrl, base.href);
  if (url === null) return null;
  const own = pathWithin(base, url);
  if (own !== null) return { origin: base.origin, path: base.contextPath + own, withCredentials: true };
  const marker = `/secure/attachment/${encodeURIComponent(attachment.id)}/`;
  const at = url.pathname.indexOf(marker);
  if (at >= 0) {
    return { origin: base.origin, path: base.contextPath + url.pathname.slice(at) + url.search, withCredentials: true };
  }
  return foreignAddress(base, url);
}

/** The same for the target of a redirect: foreign hosts without credentials; null for one on Jira itself, which is a login page. */
export function redirectTarget(base: BaseUrl, location: string, from: string): AttachmentAddress | null {
  const url = URL.parse(location, from);
  if (url === null || url.origin === base.origin) return null;
  return foreignAddress(base, url);
}

function foreignAddress(base: BaseUrl, url: URL): AttachmentAddress | null {
  const sameHost = url.protocol === 'http:' && url.hostname === new URL(base.href).hostname;
  if (url.protocol !== 'https:' && !sameHost) return null;
  return { origin: url.origin, path: url.pathname + url.search, withCredentials: false };
}
