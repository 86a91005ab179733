/** The configured address of Jira, taken apart once. */
export interface BaseUrl {
  /** Without trailing slash, user name, query and fragment. */
  readonly href: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** `''` or for instance `/jira`, never with a trailing slash. */
  readonly contextPath: string;
}

/**
 * Reads the configured address. Throws a plain `Error` for anything but http and https.
 * Paths are joined to it as strings: `new URL('/rest', base)` would drop the context path.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('The address of Jira must be an http or https URL.');
  }
  const contextPath = url.pathname.replace(/\/+$/, '');
  return { href: url.origin + contextPath, origin: url.origin, contextPath };
}

/** Path and query of `url` below the base, beginning with `/`; null when `url` lies elsewhere (other host, port, scheme or context path). */
export function pathWithin(base: BaseUrl, url: URL): string | null {
  if (url.origin !== base.origin) return null;
  if (base.contextPath !== '' && !url.pathname.startsWith(`${base.contextPath}/`)) return null;
  return url.pathname.slice(base.contextPath.length) + url.search;
}

/** An address fit for an error text or a log: no user name, no query, no fragment. */
export function describeAddress(text: string, relativeTo: string): string {
  const url = URL.parse(text, relativeTo);
  return url === null ? 'an unreadable address' : url.origin + url.pathname;
}

/** A path made of literal parts and values; the values are percent-encoded so that none can leave its segment. */
export function path(parts: TemplateStringsArray, ...values: ReadonlyArray<string>): string {
  return parts.reduce((whole, part, i) => whole + encodeSegment(values[i - 1] ?? '') + part);
}

function encodeSegment(value: string): string {
  return value === '.' || value === '..' ? value.replaceAll('.', '%2E') : encodeURIComponent(value);
}

/** A query string with `?`, or `''`; undefined values are left out. */
export function queryString(query: Readonly<Record<string, string | number | boolean | undefined>> = {}): string {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return entries.length === 0 ? '' : `?${entries.join('&')}`;
}
