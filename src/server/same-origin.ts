import { nodeSettings } from '#/env.ts';

/** Route handlers have no protection of their own against requests forged by other sites; this is it. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return site === 'same-origin';
  return origin === new URL(nodeSettings().exalateUrl).origin || origin === new URL(request.url).origin;
}

/**
 * The same for server actions. Next compares Origin with the host, but lets a request without Origin through; browsers
 * send it with every POST, so who has none is no browser on our page.
 */
export function comesFromOwnPage(headers: { get(name: string): string | null }): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = headers.get('origin');
  if (origin === null || !URL.canParse(origin)) return false;
  const host = headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? headers.get('host');
  return origin === new URL(nodeSettings().exalateUrl).origin || new URL(origin).host === host;
}
