/** Request header by which src/proxy.ts tells pages the path that was asked for. It only says where to come back to. */
export const pathHeader = 'x-exalate-path';

const origin = 'http://n';

/** A path of this console, or '/': never another origin, never the sign-in page itself. */
export function safePath(path: string | null | undefined): string {
  if (!path || !path.startsWith('/') || path.startsWith('//') || /[\\\u0000-\u001f]/.test(path) || path.length > 2000)
    return '/';
  if (!URL.canParse(path, origin)) return '/';
  const url = new URL(path, origin);
  if (url.origin !== origin || /^\/(login|api)(\/|$)/.test(url.pathname)) return '/';
  url.searchParams.delete('_rsc');
  return url.pathname + url.search + url.hash;
}
