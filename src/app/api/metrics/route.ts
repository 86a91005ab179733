import { hasSyncToken } from '#/server/bearer.ts';
import { readyContext } from '#/server/container.ts';
import { notReady } from '#/server/problem.ts';
import { metricsText } from '#/server/metrics.ts';

export const dynamic = 'force-dynamic';

/** Prometheus text, for the holder of SYNC_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  if (!hasSyncToken(request))
    return Response.json(
      { error: { code: 'unauthorised', summary: 'Send the SYNC_TOKEN of this node as bearer.' } },
      { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } },
    );
  const context = await readyContext();
  if (context === null) return Response.json({ error: notReady }, { status: 503 });
  const { contentType, text } = await metricsText(context);
  return new Response(text, { headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } });
}
