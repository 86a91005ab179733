/**
 * The endpoints for partner nodes (D2): what is common to them. Reads bodies up to a limit, authenticates, and turns every
 * error into `{error: {code, summary}}` with constant texts. The endpoints take their context as an argument; only
 * {@link nodeRoute} knows where it comes from.
 */
import { pipeline, Readable } from 'node:stream';
import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { TrackerError } from '#/engine/ports.ts';
import { appendDigest, SIZE_HEADER } from '#/engine/protocol/attachment-frame.ts';
import { canonicalTarget } from '#/engine/protocol/canonical-target.ts';
import type { ErrorBody } from '#/engine/protocol/error-body.ts';
import { TokenError } from '#/engine/protocol/protocol-fault.ts';
import { clientAddress } from '#/server/client-address.ts';
import { answerPoll } from '#/services/connection/answer-poll.ts';
import { answerQuestion } from '#/services/connection/answer-question.ts';
import { admitBody, authenticatePartner } from '#/services/connection/authenticate-partner.ts';
import { ownNodeInfo } from '#/services/connection/own-node-info.ts';
import { PartnerRefusal } from '#/services/connection/partner-refusal.ts';
import { receiveNotice } from '#/services/connection/receive-notice.ts';
import { takeMessages } from '#/services/connection/take-messages.ts';
import { asActor, type Connection, type ServiceContext } from '#/services/context.ts';
import { ServiceError } from '#/services/errors.ts';
import { answerAccept } from '#/services/invitation/answer-accept.ts';
import { answerPeek } from '#/services/invitation/answer-peek.ts';
import { isDatabaseFull } from '#/services/node/database-full.ts';
import { createRateLimit } from '#/services/invitation/rate-limit.ts';
import { openAttachment } from '#/services/sync/open-attachment.ts';
import { receiveFile } from '#/services/sync/receive-file.ts';

type Params = Readonly<Record<string, string>>;
/** One endpoint, for any context. */
export type NodeEndpoint = (ctx: ServiceContext, request: Request, params: Params) => Promise<Response>;

const SMALL_BODY = 64 * 1024;
const MESSAGES_BODY = 16 * 1024 * 1024;

const limit = createRateLimit();

export const nodeEndpoints = {
  info: guarded(async (ctx) => json(await ownNodeInfo(ctx))),
  peek: guarded(async (ctx, request) => {
    limit(addressOf(ctx, request), ctx.clock.now());
    return json(await answerPeek(ctx, parseJson(await readBody(request, SMALL_BODY))));
  }),
  accept: guarded(async (ctx, request) => {
    limit(addressOf(ctx, request), ctx.clock.now());
    return json(await answerAccept(ctx, parseJson(await readBody(request, SMALL_BODY))));
  }),
  messages: signed(MESSAGES_BODY, async (ctx, connection, body) =>
    json(await takeMessages(ctx, { connection, request: parseJson(body) })),
  ),
  connection: signed(SMALL_BODY, async (ctx, connection, body) => {
    await receiveNotice(ctx, { connectionId: connection.id, notice: parseJson(body) });
    return json({ ok: true });
  }),
  questions: signed(MESSAGES_BODY, async (ctx, connection, body) =>
    json(await answerQuestion(ctx, { connection, question: parseJson(body) })),
  ),
  poll: signed(MESSAGES_BODY, async (ctx, connection, body, _params, request) =>
    json(await answerPoll(ctx, { connection, request: parseJson(body), signal: request.signal })),
  ),
  pushAttachment: guarded(async (ctx, request, params) => {
    const { connection, partner, key } = await admit(ctx, request, 0, null);
    const sizeBytes = Number(request.headers.get(SIZE_HEADER) ?? Number.NaN);
    const transferId = new URL(request.url).searchParams.get('transfer') ?? '';
    const { twin: twinUid = '', trace = '' } = params;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || !isUuid(transferId) || !isUuid(twinUid) || !request.body)
      throw new PartnerRefusal(400, 'invalid_request', 'This is not a file of this protocol.');
    const body = Readable.fromWeb(request.body as unknown as NodeReadableStream<Uint8Array>);
    const traceUid = decodeURIComponent(trace);
    await receiveFile(partner, { connection, key, transferId, twinUid, traceUid, sizeBytes, body });
    return json({ ok: true });
  }),
  attachment: signed(0, async (ctx, connection, _body, params) => {
    const { twin = '', trace = '' } = params;
    const { body, sizeBytes } = await openAttachment(ctx, {
      connectionId: connection.id,
      twinUid: twin,
      traceUid: decodeURIComponent(trace),
    });
    const frame = appendDigest(sizeBytes);
    // An error has already been handed on by breaking off the answer; here it is only worth a line.
    pipeline(body, frame, (error) => {
      if (error) ctx.logger.info({ connection: connection.uid, err: error }, 'attachment was not sent completely');
    });
    // Not Readable.toWeb, which copies every chunk: the copies of a large file pile up until memory is collected.
    return new Response(NodeReadableStream.from(frame) as ReadableStream<Uint8Array>, {
      headers: { ...noStore, 'content-type': 'application/octet-stream', [SIZE_HEADER]: String(sizeBytes) },
    });
  }),
} satisfies Record<string, NodeEndpoint>;

/** A Next route handler for an endpoint. */
export function nodeRoute(
  endpoint: NodeEndpoint,
): (request: Request, route: { params: Promise<Params> }) => Promise<Response> {
  return async (request, route) => {
    const { getContext } = await import('#/server/container.ts');
    return endpoint(await getContext(), request, await route.params);
  };
}

const noStore = { 'cache-control': 'no-store' };

/** For a partner of a connection: token first, then the body, which no stranger can make this node read. */
function signed(
  maxBytes: number,
  handle: (
    ctx: ServiceContext,
    connection: Connection,
    body: Uint8Array,
    params: Params,
    request: Request,
  ) => Promise<Response>,
): NodeEndpoint {
  return guarded(async (ctx, request, params) => {
    const { connection, partner, body } = await admit(ctx, request, maxBytes, 'read');
    return handle(partner, connection, body, params, request);
  });
}

/** With `read` the token is bound to the body; without, the body is a stream that proves itself. */
async function admit(
  ctx: ServiceContext,
  request: Request,
  maxBytes: number,
  read: 'read' | null,
): Promise<{ connection: Connection; partner: ServiceContext; key: string; body: Uint8Array }> {
  const { pathname, search } = new URL(request.url);
  const authenticated = await authenticatePartner(ctx, {
    method: request.method,
    target: pathname + search,
    authorization: request.headers.get('authorization'),
  });
  const body = read === null ? new Uint8Array() : await readBody(request, maxBytes);
  await admitBody(ctx, authenticated, body);
  const { connection, key } = authenticated;
  return { connection, partner: asActor(ctx, { kind: 'partner', connectionId: connection.id }), key, body };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function guarded(endpoint: NodeEndpoint): NodeEndpoint {
  return async (ctx, request, params) => {
    try {
      return await endpoint(ctx, request, params);
    } catch (error) {
      const { status, body, retryAfterS } = refusalOf(error);
      const path = canonicalTarget(new URL(request.url).pathname);
      if (status === 500) ctx.logger.error({ err: error, path }, 'request of a partner node failed');
      else
        ctx.logger.warn(
          { code: body.error.code, path, address: addressOf(ctx, request) },
          'request of a partner node refused',
        );
      return json(body, status, retryAfterS === null ? {} : { 'retry-after': String(retryAfterS) });
    }
  };
}

function addressOf(ctx: ServiceContext, request: Request): string {
  return clientAddress(request.headers, ctx.node.exalateUrl);
}

interface Refused {
  status: number;
  body: ErrorBody;
  retryAfterS: number | null;
}

function refusalOf(error: unknown): Refused {
  const make = (status: number, code: string, summary: string, retryAfterS: number | null = null): Refused => ({
    status,
    body: { error: { code, summary } },
    retryAfterS,
  });
  if (error instanceof TokenError) return make(401, error.code, error.message);
  if (error instanceof PartnerRefusal) return make(error.status, error.code, error.message, error.retryAfterS);
  if (isDatabaseFull(error)) return make(503, 'not_ready', 'This node cannot store anything at the moment.', 10);
  const notReady = () => make(503, 'not_ready', 'This node cannot reach its Jira at the moment.', 30);
  if (error instanceof TrackerError)
    return error.code === 'not_found' || error.code === 'forbidden'
      ? make(404, 'not_found', 'This is not here.')
      : notReady();
  if (error instanceof ServiceError) {
    if (error.code === 'not_found') return make(404, 'not_found', 'This is not here.');
    if (error.code === 'jira_unavailable' || error.code === 'jira_not_configured') return notReady();
    return make(409, 'invalid_request', 'The request cannot be carried out.');
  }
  return make(500, 'internal', 'Something unexpected happened.');
}

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new PartnerRefusal(413, 'too_large', 'The body of the request is too large.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new PartnerRefusal(400, 'invalid_request', 'The body is not JSON.');
  }
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...noStore, ...headers } });
}
