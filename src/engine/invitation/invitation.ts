/** What an invitation says (D1), and what the two nodes exchange to turn it into a connection. */
import { z } from 'zod';
import type { ProtocolRange } from '../protocol/version.ts';

/** Connection modes of the product; this build carries out Basic only. */
export const connectionModes = ['BASIC', 'VISUAL', 'SCRIPT'] as const;
export type ConnectionMode = (typeof connectionModes)[number];

/** Seven days, in milliseconds. */
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const uuid = z.uuid().toLowerCase();
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .transform((url) => url.replace(/\/+$/, ''));
/** 32 bytes, base64url without padding. */
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * One line of text from another node. What no line has (control characters, switches of the writing direction that could
 * make a name look like another) becomes a blank.
 */
const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' '))
    .pipe(
      z
        .string()
        .max(max)
        .refine((text) => text.trim() !== ''),
    );

export const protocolRangeSchema = z.object({
  min: z.number().int().nonnegative(),
  max: z.number().int().nonnegative(),
});

/** A node as it presents itself. Fields that a later version adds are dropped, not refused. */
export const nodeInfoSchema = z.object({
  name: line(200),
  /** The Exalate URL: base of every request between nodes. No trailing slash. */
  callbackUrl: httpUrl,
  /** null while no Jira is set up. */
  issueTrackerUrl: httpUrl.nullable(),
  nodeType: line(50),
  /** null while Jira did not tell. */
  issueTrackerVersion: z.string().max(100).nullable(),
  nodeVersion: line(100),
  protocol: protocolRangeSchema,
  modes: z.array(z.string().max(30)).max(20),
  instanceUid: uuid,
  /** A private node: it alone opens requests (D4). */
  pollOnly: z.boolean(),
});
export type NodeInfo = z.infer<typeof nodeInfoSchema>;

const connectionPartSchema = z.object({
  uid: uuid,
  name: line(200),
  mode: z.enum(connectionModes),
  type: z.enum(['public', 'private']),
  /** ISO 8601, UTC. */
  expiresAt: z.iso.datetime(),
});

export const invitationSchema = z.object({
  invitationSecret: key,
  /** The node that may accept; null when it was not known. */
  invitedInstanceUid: uuid.nullable(),
  connection: connectionPartSchema,
  nodeInfo: nodeInfoSchema,
});
export type InvitationContent = z.infer<typeof invitationSchema>;

export const projectRefSchema = z.object({ key: line(255), name: line(1000) });
export type ProjectRef = z.infer<typeof projectRefSchema>;

export const peekRequestSchema = z.object({ secret: key });

export const peekReplySchema = z.object({
  nodeInfo: nodeInfoSchema,
  connection: connectionPartSchema,
});
export type PeekReply = z.infer<typeof peekReplySchema>;

export const acceptRequestSchema = z.object({
  secret: key,
  connectionUid: uuid,
  /** Ephemeral X25519 public key. */
  acceptorKey: key,
  nodeInfo: nodeInfoSchema,
  /** Where the acceptor creates issues that it receives. */
  project: projectRefSchema,
});
export type AcceptRequest = z.infer<typeof acceptRequestSchema>;

export const acceptReplySchema = z.object({
  /** Ephemeral X25519 public key. */
  initiatorKey: key,
  nodeInfo: nodeInfoSchema,
  project: projectRefSchema,
  /** Proof that the initiator derived the same channel key. */
  confirm: key,
});
export type AcceptReply = z.infer<typeof acceptReplySchema>;

export type { ProtocolRange };
