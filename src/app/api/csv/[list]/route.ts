import { readyContext } from '#/server/container.ts';
import { csvResponse } from '#/server/csv.ts';
import { readSession } from '#/server/auth.ts';
import { knownProblem, notReady, unexpected } from '#/server/problem.ts';
import { signedOut } from '#/ui/problem.ts';
import { type CsvDownload, failedRowsCsv, runPairsCsv } from '#/services/bulk/failed-rows-csv.ts';
import { pairsCsv } from '#/services/clean-up/pairs-csv.ts';
import { asActor, type ServiceContext } from '#/services/context.ts';
import { auditCsv, connectionsCsv, errorsCsv, queueCsv, triggersCsv, twinsCsv } from '#/services/export/list-csv.ts';
import { runResultCsv } from '#/services/export/run-result-csv.ts';

export const dynamic = 'force-dynamic';

type Download = (ctx: ServiceContext, query: URLSearchParams) => Promise<CsvDownload>;

const downloads: Record<string, Download> = {
  failed: (ctx, query) => failedRowsCsv(ctx, { runId: query.get('run') ?? '' }),
  'ended-pairs': (ctx, query) => runPairsCsv(ctx, { runId: query.get('run') ?? '' }),
  result: (ctx, query) => runResultCsv(ctx, { runId: query.get('run') ?? '' }),
  pairs: (ctx, query) => pairsCsv(ctx, { connectionId: query.get('connection') ?? '' }),
  connections: (ctx) => connectionsCsv(ctx),
  twins: (ctx, query) =>
    twinsCsv(ctx, {
      key: query.get('key') ?? '',
      connectionId: query.get('connection') ?? '',
      status: query.get('status') ?? '',
    }),
  queue: (ctx, query) =>
    queueCsv(ctx, {
      tab: query.get('tab') ?? '',
      connectionId: query.get('connection') ?? '',
      localKey: query.get('local') ?? '',
      remoteKey: query.get('remote') ?? '',
      sort: query.get('sort') ?? '',
      descending: query.get('dir') === 'desc',
    }),
  triggers: (ctx, query) => triggersCsv(ctx, { connectionId: query.get('connection') ?? '' }),
  audit: (ctx, query) => auditCsv(ctx, { actor: query.get('who') ?? '' }),
  errors: (ctx, query) => errorsCsv(ctx, { resolved: query.get('show') === 'resolved' }),
};

/** Lists as CSV files, for signed-in administrators. */
export async function GET(request: Request, { params }: { params: Promise<{ list: string }> }): Promise<Response> {
  const session = await readSession();
  if (session === null) return Response.json({ ok: false, error: signedOut }, { status: 401 });
  const { list } = await params;
  const download = Object.hasOwn(downloads, list) ? downloads[list] : undefined;
  if (download === undefined) return new Response(null, { status: 404 });
  const context = await readyContext();
  if (context === null) return Response.json({ ok: false, error: notReady }, { status: 503 });
  const { name, displayName } = session;
  try {
    const ctx = asActor(context, { kind: 'admin', name, displayName });
    return csvResponse(await download(ctx, new URL(request.url).searchParams));
  } catch (error) {
    const known = knownProblem(error);
    if (known === null) context.logger.error({ err: error }, 'CSV could not be made');
    return Response.json({ ok: false, error: known ?? unexpected }, { status: known === null ? 500 : 400 });
  }
}
