/** The long poll of a private node (D4): it alone opens requests, so what is meant for it waits until it asks. */
import { z } from 'zod';
import { fileFaults } from './file-fault.ts';
import { messageResultSchema } from './messages.ts';

/** Longest time that a poll is held, below every usual limit of proxies. */
export const POLL_HOLD_MS = 25_000;

/** Why a file that was asked for cannot be sent; `not_ready` is worth asking again. */
export const fileRefusals = ['not_found', 'not_ready', ...fileFaults] as const;
export type FileRefusal = (typeof fileRefusals)[number];

export const pollRequestSchema = z.object({
  /** What became of the messages of the last answer. Only these end their waiting. */
  results: z.array(messageResultSchema).max(200),
  /** Messages of the last answer that cannot be taken now, and are to be handed out again after a while. */
  later: z.array(z.uuid()).max(200).optional(),
  /** Answers to the questions of the last answer. */
  answers: z.array(z.object({ id: z.uuid(), body: z.unknown() })).max(50),
  refusedFiles: z.array(z.object({ id: z.uuid(), code: z.enum(fileRefusals) })).max(200),
  /** Whether the poller takes the other end for active: the poll is answered at once when it is not so. */
  believedActive: z.boolean(),
  /** Whether the poller is a private node; when not, it is told everything directly from now on. */
  pollOnly: z.boolean(),
  waitMs: z.number().int().min(0).max(POLL_HOLD_MS),
});
export type PollRequest = z.infer<typeof pollRequestSchema>;

export const wantedFileSchema = z.object({
  /** Of this wish; belongs into the address and the seal of the file. */
  id: z.uuid(),
  twin: z.uuid(),
  trace: z.string().min(1).max(200),
});
export type WantedFile = z.infer<typeof wantedFileSchema>;

export const pollAnswerSchema = z.object({
  active: z.boolean(),
  /** As in `POST messages`; each is read by itself. */
  messages: z.array(z.unknown()).max(100),
  files: z.array(wantedFileSchema).max(100),
  questions: z.array(z.object({ id: z.uuid(), body: z.unknown() })).max(20),
});
export type PollAnswer = z.infer<typeof pollAnswerSchema>;
