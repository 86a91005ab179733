import { loadSettings } from '#/env.ts';

/** Route handlers have no protection of their own against requests forged by other sites; this is it. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return site === 'same-origin';
  return origin === new URL(loadSettings().exalateUrl).origin || origin === new URL(request.url).origin;
}
