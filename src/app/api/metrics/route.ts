import { hasSyncToken } from '#/server/bearer.ts';
import { getContext } from '#/server/container.ts';
import { metricsText } from '#/server/metrics.ts';

export const dynamic = 'force-dynamic';

/** Prometheus text, for the holder of SYNC_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  if (!hasSyncToken(request))
    return Response.json(
      { error: { code: 'unauthorised', summary: 'Send the SYNC_TOKEN of this node as bearer.' } },
      { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } },
    );
  const { contentType, text } = await metricsText(await getContext());
  return new Response(text, { headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } });
}
