/**
 * What one node may ask another about their common twins: to find out that a database is older than it should be (C10), to
 * take over what it lost, and to compare both sides (verify). Asking changes nothing but where it says so.
 */
import { z } from 'zod';
import { nodeInfoSchema } from '../invitation/invitation.ts';
import { deltaSchema, issueLinkSchema, progressSchema } from './messages.ts';

const uuid = z.uuid();
const number = z.number().int().nonnegative();
/** 32 bytes, base64url. */
const publicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const proof = publicKey;

/** Most twins in one question about twins. */
export const TWINS_PER_QUESTION = 100;
export const ACTIVITY_PAGE = 1000;

/** One side's whole knowledge of a twin, deletions included. */
export const twinSnapshotSchema = z.object({
  twin: uuid,
  ended: z.enum(['unexalated', 'issue_deleted']).nullable(),
  createdMs: z.number().int().nonnegative(),
  /** Highest number received from the asker. */
  received: number,
  /** Highest number sent to the asker. */
  sent: number,
  sentContent: number,
  /** The answering node's issue, and the asker's as far as it is known here. */
  issue: issueLinkSchema.nullable(),
  askersIssue: z.object({ id: z.string().min(1).max(64), key: z.string().min(1).max(255) }).nullable(),
  /** Whether the asker put the issue under sync. */
  begunByAsker: z.boolean(),
  /** Whether what only one side had was carried over when two existing issues were connected; absent for other twins. */
  carried: z.object({ comments: z.boolean(), attachments: z.boolean() }).optional(),
  delta: deltaSchema,
  progress: progressSchema,
});
export type TwinSnapshot = z.infer<typeof twinSnapshotSchema>;

export const questionSchema = z.discriminatedUnion('kind', [
  /** Twins on which something happened since then, page by page in order of their uid. */
  z.object({ kind: z.literal('activity'), sinceMs: z.number().int(), after: uuid.nullable() }),
  /** Everything known of these twins; `from`: but for so many entries of the first, which the asker has. */
  z.object({
    kind: z.literal('states'),
    twins: z.array(uuid).min(1).max(TWINS_PER_QUESTION),
    from: number.optional(),
  }),
  z.object({ kind: z.literal('digests'), twins: z.array(uuid).min(1).max(TWINS_PER_QUESTION) }),
  /** Take over the asker's states of these twins, as if they had been lost. */
  z.object({ kind: z.literal('adopt'), states: z.array(twinSnapshotSchema).min(1).max(TWINS_PER_QUESTION) }),
  /** The asker presents itself: it has moved to another address. */
  z.object({ kind: z.literal('node'), info: nodeInfoSchema }),
  /** A new key for the channel, with the proof that the asker holds the present one. */
  z.object({
    kind: z.literal('rekey'),
    key: publicKey,
    atMs: z.number().int().nonnegative(),
    proof,
  }),
  /** The asker uses the new key: from now on the other side does too. */
  z.object({ kind: z.literal('rekey_use'), key: publicKey, confirm: proof }),
]);
export type Question = z.infer<typeof questionSchema>;

export const activitySchema = z.object({
  twins: z.array(
    z.object({
      twin: uuid,
      /** Highest number received from the asker, and highest number that the asker has acknowledged. */
      received: number,
      acknowledged: number,
      ended: z.boolean(),
    }),
  ),
  /** Where the next page begins; null at the end. */
  next: uuid.nullable(),
});
export type Activity = z.infer<typeof activitySchema>;

export const rekeyAnswerSchema = z.object({ key: publicKey, confirm: proof });
export type RekeyAnswer = z.infer<typeof rekeyAnswerSchema>;

export const statesSchema = z.object({
  states: z.array(z.unknown()),
  /** What is to be asked next: the answer did not hold all of it. */
  next: z.object({ twins: z.array(uuid).min(1), from: number }).optional(),
});
export type StatesAnswer = z.infer<typeof statesSchema>;

export const digestsSchema = z.object({
  digests: z.array(
    z.object({
      twin: uuid,
      /** null: not known here, or no longer under sync. */
      digest: z.string().nullable(),
      /** Nothing is under way: only then the digest is worth comparing. */
      quiet: z.boolean(),
    }),
  ),
});
export type Digests = z.infer<typeof digestsSchema>;

export const doneSchema = z.object({ ok: z.literal(true) });
