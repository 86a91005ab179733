/**
 * What nodes say to each other about a twin (D3). A message carries state, never an instruction: merging the same one
 * twice, or an old one after a new one, changes nothing.
 */
import { z } from 'zod';
import { sides } from '../replica/stamp.ts';

const uuid = z.uuid();
const epochMs = z.number().int().nonnegative();

export const stampSchema = z.strictObject({ time: epochMs, side: z.enum(sides) });

/** Identity of a comment or attachment, the same on both nodes: side of origin and id there. */
export const traceUidSchema = z.string().regex(/^(initiator|acceptor):[0-9A-Za-z-]{1,64}$/);

const text = z.string().max(2_000_000);

export const registerSchema = z.object({ value: text, stamp: stampSchema });

export const commentStateSchema = z.object({
  uid: traceUidSchema,
  /** Without the author line. */
  body: text,
  authorName: z.string().max(1000),
  createdMs: epochMs,
  stamp: stampSchema,
  /** Newest version that a deletion covers, null while nobody deleted it. */
  deleted: stampSchema.nullable(),
});

export const attachmentStateSchema = z.object({
  uid: traceUidSchema,
  filename: z.string().min(1).max(1000),
  mimeType: z.string().max(255),
  sizeBytes: z.number().int().nonnegative(),
  authorName: z.string().max(1000),
  createdMs: epochMs,
  deleted: z.boolean(),
});

/** Of a replica what the receiver may not have yet, or a portion of that; how much it is is limited by the size of a request. */
export const deltaSchema = z.object({
  fields: z.object({
    summary: registerSchema.optional(),
    description: registerSchema.optional(),
    issueType: registerSchema.optional(),
  }),
  comments: z.array(commentStateSchema),
  attachments: z.array(attachmentStateSchema),
});

export const issueLinkSchema = z.object({
  id: z.string().min(1).max(64),
  key: z.string().min(1).max(255),
  projectKey: z.string().min(1).max(255),
  /** Set when the issue is a sub-task whose parent is under sync in the same connection: that twin's uid (A4). */
  parentTwin: uuid.nullable(),
  subtask: z.boolean(),
});

const countsSchema = z.object({ done: z.number().int().nonnegative(), total: z.number().int().nonnegative() });

/** How far the sender is with carrying out what it received. */
export const progressSchema = z.object({
  /** Number of the newest message with changes that the sender has carried out completely. */
  applied: z.number().int().nonnegative(),
  comments: countsSchema,
  attachments: countsSchema,
  /** Fault code, one-line text and what only this case knows, when the sender is stuck on this twin. */
  error: z
    .object({ code: z.string().max(100), summary: z.string().max(1000), detail: z.string().max(1000).optional() })
    .nullable(),
});

export const messageKinds = ['exalate', 'connect', 'update', 'ended'] as const;

/** Traces by their names at the sender; comments and attachments are numbered apart, so the same name may be in both. */
export const tracePairsSchema = z.object({
  comments: z.array(traceUidSchema),
  attachments: z.array(traceUidSchema),
});

/** Asks the receiver to pair an issue that it has already; goes with `kind` `connect`. */
export const connectRequestSchema = z.object({
  issueKey: z.string().min(1).max(255),
  /** Whether existing comments and attachments that only one side has are to be carried over. */
  comments: z.boolean(),
  attachments: z.boolean(),
  /** Whose fields both issues show at the start. */
  winner: z.enum(['sender', 'receiver']),
  /** Which part of what the sender's issue holds goes with this message, from 0; absent when it is all of it. */
  part: z.number().int().nonnegative().optional(),
  /** Further parts follow: the issues are compared once all are there. */
  more: z.boolean().optional(),
});

export const messageSchema = z.object({
  id: uuid,
  twin: uuid,
  /** 1, 2, 3 … per twin and sender. */
  number: z.number().int().positive(),
  kind: z.enum(messageKinds),
  /** Whether `delta` says anything; only such messages are answered with `progress.applied`. */
  content: z.boolean(),
  /** The sender's own issue; null while it does not exist. */
  issue: issueLinkSchema.nullable(),
  delta: deltaSchema,
  progress: progressSchema,
  /** Why sync of this twin ended; null unless `kind` is `ended`. */
  ended: z.enum(['unexalated', 'issue_deleted', 'cleaned_up']).nullable(),
  connect: connectRequestSchema.optional(),
  /** Part of bulk work: it may wait for single changes. */
  bulk: z.boolean().optional(),
  /** Answer to `connect`, with the first message after it: which of the sender's traces the receiver had as well. */
  pairs: tracePairsSchema.optional(),
});

export const messageResultSchema = z.object({
  id: uuid,
  /** `stored`: kept, also when it had been kept before. `refused`: will never be taken; `reason` says why. */
  result: z.enum(['stored', 'refused']),
  reason: z.string().max(1000).nullable(),
});

export const messagesResponseSchema = z.object({ results: z.array(messageResultSchema) });

export type Register = z.infer<typeof registerSchema>;
export type CommentState = z.infer<typeof commentStateSchema>;
export type AttachmentState = z.infer<typeof attachmentStateSchema>;
export type Delta = z.infer<typeof deltaSchema>;
export type IssueLink = z.infer<typeof issueLinkSchema>;
export type ConnectRequest = z.infer<typeof connectRequestSchema>;
export type TracePairs = z.infer<typeof tracePairsSchema>;
export type Progress = z.infer<typeof progressSchema>;
export type Message = z.infer<typeof messageSchema>;
export type MessageResult = z.infer<typeof messageResultSchema>;
