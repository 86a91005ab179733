/** How use cases reach a partner node; implemented by `src/peer` over signed HTTP. */
import type { Readable } from 'node:stream';
import type { Message, MessageResult } from '#/engine/protocol/messages.ts';
import type { PollAnswer, PollRequest, WantedFile } from '#/engine/protocol/poll.ts';
import type { AcceptReply, AcceptRequest, NodeInfo, PeekReply } from '#/engine/invitation/invitation.ts';
import { isErrorNamed } from '#/kernel/error-name.ts';

/** Everything needed to send a signed request for one end of a connection. */
export interface ChannelTarget {
  connectionUid: string;
  selfUid: string;
  partnerUid: string;
  partnerUrl: string;
  /** 32 bytes, base64url. */
  key: string;
}

export type ConnectionNotice = { kind: 'activated' } | { kind: 'deactivated' } | { kind: 'deleted' };

/** Every method throws {@link PeerError}. */
export interface PeerChannel {
  /** Unsigned: what node answers at this base URL. */
  info(url: string, signal?: AbortSignal): Promise<NodeInfo>;
  /** Unsigned: whether the invitation is still good, and who invites. */
  peekInvitation(url: string, secret: string): Promise<PeekReply>;
  /** Unsigned but for the invitation's secret. Repeating it with the same key gives the same reply. */
  acceptInvitation(url: string, request: AcceptRequest): Promise<AcceptReply>;
  send(target: ChannelTarget, messages: readonly Message[]): Promise<readonly MessageResult[]>;
  notify(target: ChannelTarget, notice: ConnectionNotice): Promise<void>;
  /** Bytes of the partner's attachment; the stream fails unless it ends with the right SHA-256 (D5). */
  attachment(
    target: ChannelTarget,
    twinUid: string,
    traceUid: string,
    signal?: AbortSignal,
  ): Promise<{ body: Readable; sizeBytes: number }>;
  /** A question about common twins (`src/engine/protocol/question.ts`); the caller checks the answer's shape. */
  ask(target: ChannelTarget, question: unknown): Promise<unknown>;
  /** One long poll of a private node; the caller checks the answer's shape. */
  poll(target: ChannelTarget, request: PollRequest, signal?: AbortSignal): Promise<PollAnswer>;
  /** Brings a file that the partner asked for; `body` must give exactly `sizeBytes` bytes. */
  pushAttachment(
    target: ChannelTarget,
    file: WantedFile & { sizeBytes: number; body: Readable },
    signal?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

export const peerErrorCodes = [
  /** No connection, time-out, 5xx from a proxy: try again later. */
  'unreachable',
  /** 401: signature, audience or clock refused. */
  'unauthorised',
  /** The partner no longer knows this connection. */
  'connection_gone',
  /** The partner's end is deactivated: keep and wait. */
  'deactivated',
  /** 4xx with a reason: never taken as it is. */
  'refused',
  /** Something answered that is not an Exalate node of this kind. */
  'not_a_node',
  /** Address refused by this node's own rules (ALLOWED_HOSTS). */
  'address_refused',
  /** 429/503 with Retry-After. */
  'busy',
] as const;
export type PeerErrorCode = (typeof peerErrorCodes)[number];

export class PeerError extends Error {
  override readonly name = 'PeerError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'PeerError');
  }

  readonly code: PeerErrorCode;
  /** The partner's own code for what is wrong (for instance `invitation_used`), if it gave one. */
  readonly reason: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    code: PeerErrorCode,
    details: { message: string; reason?: string | null; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.reason = details.reason ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
