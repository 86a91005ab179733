import { z } from 'zod';
import type { TrackerAttachment, TrackerChange, TrackerComment } from '#/engine/ports.ts';
import { dateSchema, idSchema, issueTypeSchema, list, optional, projectSchema, userSchema } from './schemas.ts';

export const commentSchema: z.ZodType<TrackerComment> = z
  .object({
    id: idSchema,
    body: optional(z.string()),
    author: userSchema,
    created: dateSchema,
    updated: optional(dateSchema),
    visibility: optional(z.object({ type: z.string(), value: z.string() })),
  })
  .transform((comment) => ({
    id: comment.id,
    body: comment.body ?? '',
    author: comment.author,
    createdMs: comment.created,
    updatedMs: comment.updated ?? comment.created,
    visibility: comment.visibility ?? null,
  }));

/** Inline `fields.comment` and a page of `/comment` alike. */
export const commentPageSchema = z.object({
  comments: list(commentSchema),
  total: optional(z.number()),
  startAt: optional(z.number()),
});

export const attachmentSchema: z.ZodType<TrackerAttachment> = z
  .object({
    id: idSchema,
    filename: z.string(),
    size: z.number(),
    mimeType: optional(z.string()),
    author: userSchema,
    created: dateSchema,
    content: z.string(),
  })
  .transform((attachment) => ({
    id: attachment.id,
    filename: attachment.filename,
    sizeBytes: attachment.size,
    mimeType: attachment.mimeType ?? 'application/octet-stream',
    author: attachment.author,
    createdMs: attachment.created,
    contentUrl: attachment.content,
  }));

/** Jira names one member `toString`; read as an own key only, or every item without it would show that of `Object.prototype`. */
const changeItemSchema = z.preprocess(
  (item) => (typeof item === 'object' && item !== null ? new Map(Object.entries(item)) : item),
  z.map(z.string(), z.unknown()).transform((item) => ({
    field: text(item.get('field')) ?? '',
    from: text(item.get('from')),
    fromString: text(item.get('fromString')),
    to: text(item.get('to')),
    toString_: text(item.get('toString')),
  })),
);

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

const historySchema = z.object({
  id: idSchema,
  author: userSchema,
  created: dateSchema,
  items: list(changeItemSchema),
});

/** `changelog` of an issue, one entry per changed field, oldest first. */
export const changelogSchema: z.ZodType<TrackerChange[]> = z
  .object({ histories: list(historySchema) })
  .transform(({ histories }) =>
    histories
      .toSorted((a, b) => a.created - b.created || compareIds(a.id, b.id))
      .flatMap(({ id, author, created, items }) =>
        items.map((item) => ({ historyId: id, atMs: created, author, ...item })),
      ),
  );

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export const issueSchema = z.object({
  id: idSchema,
  key: z.string().min(1),
  fields: z.object({
    summary: optional(z.string()),
    description: optional(z.string()),
    issuetype: issueTypeSchema,
    project: projectSchema,
    parent: optional(z.object({ id: optional(idSchema), key: optional(z.string()) })),
    creator: userSchema,
    reporter: userSchema,
    created: dateSchema,
    updated: dateSchema,
    comment: optional(commentPageSchema),
    attachment: optional(z.array(attachmentSchema)),
  }),
  changelog: optional(changelogSchema),
});

export const searchSchema = z.object({
  startAt: optional(z.number()),
  total: optional(z.number()),
  issues: list(
    z.object({
      id: idSchema,
      key: z.string(),
      fields: z.object({
        updated: dateSchema,
        created: optional(dateSchema),
        summary: optional(z.string()),
        description: optional(z.string()),
        issuetype: optional(issueTypeSchema),
        comment: optional(commentPageSchema),
        attachment: optional(z.array(attachmentSchema)),
      }),
    }),
  ),
});
