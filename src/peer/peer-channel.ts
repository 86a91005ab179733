import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock, Ids } from '#/engine/ports.ts';
import { acceptReplySchema, nodeInfoSchema, peekReplySchema, type NodeInfo } from '#/engine/invitation/invitation.ts';
import { NODE_API } from '#/engine/protocol/canonical-target.ts';
import { messagesResponseSchema } from '#/engine/protocol/messages.ts';
import { pollAnswerSchema } from '#/engine/protocol/poll.ts';
import { signToken } from '#/engine/protocol/token.ts';
import type { AddressGuard } from '#/kernel/url-safety.ts';
import type { Logger } from '#/observability/logger.ts';
import type { JiraDiscovery } from '#/services/connection/discovery.ts';
import { type ChannelTarget, PeerError, type PeerChannel } from '#/services/peer-channel.ts';
import { openAttachment } from './attachment.ts';
import { framedFile } from './push-attachment.ts';
import { readJson } from './read-answer.ts';
import { type Answer, createTransport } from './transport.ts';

export interface PeerChannelOptions {
  /** Decides which addresses may be contacted; without it (tests) all of them. */
  guard?: AddressGuard | undefined;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Certificate authorities (PEM) trusted beside the usual ones. */
  caPem?: string | undefined;
}

export const WELL_KNOWN = '/.well-known/exalate';

const HANDSHAKE_TIMEOUT_MS = 20_000;
const NOTICE_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 30_000;
/** How much longer than the poll is held its answer may take. */
const POLL_GRACE_MS = 10_000;
/** Answers that carry messages or whole states, as many as a request may. */
const LARGEST_CONTENT = 17 * 1024 * 1024;

const doneSchema = z.object({ ok: z.literal(true) });
const serverInfoSchema = z.object({ version: z.string().max(100), serverTitle: z.string().max(500).optional() });

/** The channel to partner nodes over HTTP. Holds pooled connections until `close()`. */
export function createPeerChannel(options: PeerChannelOptions): PeerChannel & JiraDiscovery {
  const { clock, ids, logger } = options;
  const transport = createTransport(options);

  async function unsigned<T>(url: URL, body: unknown, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const answer = await transport.exchange(
      body === undefined
        ? { method: 'GET', url, headers: { accept: 'application/json' }, signal }
        : { method: 'POST', url, headers: jsonHeaders, body: Buffer.from(JSON.stringify(body)), signal },
    );
    return readJson(answer, schema);
  }

  async function signed(
    target: ChannelTarget,
    request: {
      method: 'GET' | 'POST' | 'PUT';
      path: string;
      body?: Uint8Array;
      /** Sent instead of a body that the token is bound to. */
      file?: { stream: Readable; headers: Readonly<Record<string, string>> };
      signal?: AbortSignal | undefined;
    },
  ): Promise<Answer> {
    const url = below(target.partnerUrl, request.path);
    const token = await signToken(
      {
        connectionUid: target.connectionUid,
        senderUid: target.selfUid,
        receiverUid: target.partnerUid,
        key: target.key,
      },
      { method: request.method, target: request.path, body: request.body ?? new Uint8Array() },
      { nowMs: clock.now(), jti: ids.uuid() },
    );
    return transport.exchange({
      method: request.method,
      url,
      headers: {
        ...(request.body === undefined ? {} : jsonHeaders),
        ...request.file?.headers,
        authorization: `Bearer ${token}`,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.file === undefined ? {} : { body: request.file.stream }),
      signal: request.signal,
    });
  }

  async function post<T>(
    target: ChannelTarget,
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    ms: number,
    options: { largest?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const bytes = Buffer.from(JSON.stringify(body));
    const limit = AbortSignal.timeout(ms);
    const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
    return logged(target, path, async () =>
      readJson(await signed(target, { method: 'POST', path, body: bytes, signal }), schema, options.largest),
    );
  }

  /** A refused signature is worth a line here too: it is this node whose partner does not believe it. */
  async function logged<T>(target: ChannelTarget, path: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof PeerError && error.code === 'unauthorised')
        logger.warn({ connection: target.connectionUid, path, reason: error.reason }, 'partner refused our signature');
      throw error;
    }
  }

  return {
    async info(url, signal) {
      const own = below(url, `${NODE_API}/info`);
      try {
        return await unsigned(own, undefined, nodeInfoSchema, signal);
      } catch (error) {
        if (!(error instanceof PeerError) || error.code !== 'not_a_node') throw error;
        return wellKnown(url, error, signal);
      }
    },
    peekInvitation: (url, secret) =>
      unsigned(
        below(url, `${NODE_API}/invitations/peek`),
        { secret },
        peekReplySchema,
        AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS),
      ),
    acceptInvitation: (url, request) =>
      unsigned(
        below(url, `${NODE_API}/invitations/accept`),
        request,
        acceptReplySchema,
        AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS),
      ),
    async send(target, messages) {
      const answer = await post(target, `${NODE_API}/messages`, { messages }, messagesResponseSchema, SEND_TIMEOUT_MS);
      return answer.results;
    },
    async notify(target, notice) {
      await post(target, `${NODE_API}/connection`, notice, doneSchema, NOTICE_TIMEOUT_MS);
    },
    attachment(target, twinUid, traceUid, signal) {
      const path = `${NODE_API}/attachments/${encodeURIComponent(twinUid)}/${encodeURIComponent(traceUid)}`;
      return logged(target, path, async () => openAttachment(await signed(target, { method: 'GET', path, signal })));
    },
    ask: (target, question) =>
      post(target, `${NODE_API}/questions`, question, z.unknown(), ASK_TIMEOUT_MS, { largest: LARGEST_CONTENT }),
    poll: (target, request, signal) =>
      post(target, `${NODE_API}/poll`, request, pollAnswerSchema, request.waitMs + POLL_GRACE_MS, {
        largest: LARGEST_CONTENT,
        signal,
      }),
    async pushAttachment(target, file, signal) {
      const place = `${encodeURIComponent(file.twin)}/${encodeURIComponent(file.trace)}`;
      const path = `${NODE_API}/attachments/${place}?transfer=${file.id}`;
      await logged(target, path, async () =>
        readJson(await signed(target, { method: 'PUT', path, file: framedFile(target.key, file), signal }), doneSchema),
      );
    },
    async jiraServer(url, signal) {
      const found = await unsigned(below(url, '/rest/api/2/serverInfo'), undefined, serverInfoSchema, signal);
      return { title: found.serverTitle ?? 'Jira', version: found.version };
    },
    close: () => transport.close(),
  };

  /** A node may be announced on the host of its Jira; when it is not, the first error is the one that says why. */
  async function wellKnown(url: string, first: PeerError, signal: AbortSignal | undefined): Promise<NodeInfo> {
    try {
      return await unsigned(new URL(WELL_KNOWN, url), undefined, nodeInfoSchema, signal);
    } catch {
      throw first;
    }
  }
}

const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' };

function below(base: string, path: string): URL {
  const text = base.replace(/\/+$/, '') + path;
  if (!URL.canParse(text)) throw new PeerError('not_a_node', { message: 'This is not an address.' });
  return new URL(text);
}
