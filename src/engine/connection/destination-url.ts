import { classifyIp, parseIp } from '#/kernel/ip-class.ts';

export type DestinationUrl =
  | {
      readonly ok: true;
      /** Addresses to try in this order, no trailing slash. */ readonly candidates: readonly string[];
    }
  | { readonly ok: false; readonly fault: 'empty' | 'not_a_url' | 'not_https' | 'has_credentials' };

const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|corp|home|test|example|home\.arpa)$/i;

/**
 * What an admin may have meant by a typed address. Without a scheme it is https, on the own machine also http. Plain
 * http is for networks that are not public: the Internet sees everything that is sent over it.
 */
export function readDestinationUrl(text: string): DestinationUrl {
  const typed = text.trim();
  if (typed === '') return { ok: false, fault: 'empty' };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return { ok: false, fault: 'not_a_url' };
  const url = parse(scheme === undefined ? `https://${typed}` : typed);
  if (url === null) return { ok: false, fault: 'not_a_url' };
  if (url.username !== '' || url.password !== '') return { ok: false, fault: 'has_credentials' };
  if (!mayUse(url)) return { ok: false, fault: 'not_https' };
  const found = [baseUrl(url)];
  if (scheme === undefined && isLoopback(url.hostname)) found.push(baseUrl(url).replace('https:', 'http:'));
  return { ok: true, candidates: found };
}

/** Whether a node may be addressed by this URL: https, or http within a network that is not public. */
export function mayUse(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isPrivateName(url.hostname));
}

/** Origin and path, without trailing slash, query and fragment. */
export function baseUrl(url: URL): string {
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Whether `typed` is `base` or a page below it. Scheme and upper or lower case of the host do not matter. */
export function isWithin(typed: string, base: string): boolean {
  const [inner, outer] = [parse(typed), parse(base)];
  if (inner === null || outer === null) return false;
  if (inner.hostname !== outer.hostname || inner.port !== outer.port) return false;
  const path = outer.pathname.replace(/\/+$/, '');
  return inner.pathname === path || inner.pathname.startsWith(`${path}/`);
}

function isPrivateName(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (parseIp(host) !== null) return classifyIp(host) !== 'public';
  return !host.includes('.') || PRIVATE_NAME.test(host);
}

/** What is before a page of Jira, when it is one. */
export function withoutPage(url: string): string {
  return url.replace(/\/(secure|browse|projects|issues|plugins|login\.jsp)(\/.*)?$/, '');
}

/**
 * Base URL of the Jira that an admin names for the own node, any network of theirs may have it; null for what is no address.
 * Without a scheme it is https, on the own machine http.
 */
export function readJiraUrl(text: string): string | null {
  const typed = text.trim();
  const local = parse(`http://${typed}`);
  const scheme = local !== null && isLoopback(local.hostname) ? 'http' : 'https';
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${scheme}://${typed}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) return null;
  return withoutPage(baseUrl(url));
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' || host.endsWith('.localhost') || (parseIp(host) !== null && classifyIp(host) === 'loopback')
  );
}

function parse(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.hostname === '' || /[\s<>"]/.test(text) ? null : url;
}
