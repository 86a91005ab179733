import { z } from 'zod';
import type { TrackerIssueType, TrackerProject, TrackerUser } from '#/engine/ports.ts';
import { parseJiraDate } from './dates.ts';

/*
 * Jira's answers as far as the engine needs them. Lenient on purpose: null counts as absent (10.x writes nulls where 9.x leaves
 * keys out), unknown keys are ignored, numbers are accepted as ids.
 */

/** A value that may be missing or null; undefined then. */
export function optional<T>(schema: z.ZodType<T>) {
  return z.preprocess((value) => value ?? undefined, schema.optional());
}

/** A list that may be missing or null; empty then. */
export function list<T>(schema: z.ZodType<T>) {
  return z.preprocess((value) => value ?? [], z.array(schema));
}

export const idSchema = z.union([z.string().min(1), z.number().int()]).transform(String);

export const dateSchema = z.string().transform((text, context) => {
  const ms = parseJiraDate(text);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: 'not a Jira date' });
  return z.NEVER;
});

const looseUser = z.object({
  name: optional(z.string()),
  key: optional(z.string()),
  displayName: optional(z.string()),
});

/** null for an anonymous or unreadable author. Users had no `key` before Jira 6, and a deleted one may lack its names. */
export const userSchema: z.ZodType<TrackerUser | null> = z
  .unknown()
  .optional()
  .transform((value) => {
    const user = looseUser.safeParse(value).data;
    const name = user?.name ?? user?.key;
    if (user === undefined || name === undefined) return null;
    return { name, key: user.key ?? null, displayName: user.displayName ?? name };
  });

export const myselfSchema = z
  .object({
    name: z.string().min(1),
    key: optional(z.string()),
    displayName: optional(z.string()),
    timeZone: optional(z.string()),
  })
  .transform((user) => ({
    name: user.name,
    key: user.key ?? null,
    displayName: user.displayName ?? user.name,
    timeZone: user.timeZone === undefined || user.timeZone === '' ? null : user.timeZone,
  }));

export const serverInfoSchema = z.object({
  baseUrl: optional(z.string()),
  version: z.string(),
  versionNumbers: optional(z.array(z.number())),
  serverTitle: optional(z.string()),
  serverTime: optional(z.string()),
});

export const projectSchema: z.ZodType<TrackerProject> = z
  .object({ id: idSchema, key: z.string(), name: optional(z.string()) })
  .transform(({ id, key, name }) => ({ id, key, name: name ?? key }));

export const issueTypeSchema: z.ZodType<TrackerIssueType> = z
  .object({ id: idSchema, name: z.string(), subtask: optional(z.boolean()) })
  .transform(({ id, name, subtask }) => ({ id, name, subtask: subtask ?? false }));

export const permissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: optional(z.boolean()) })),
});

export const createdIssueSchema = z.object({ id: idSchema, key: z.string().min(1) });

/** One field of the create screen; its id is `fieldId` (new form), or the key of the map it stands in (old form). */
export const createFieldSchema = z.object({
  fieldId: optional(z.string()),
  key: optional(z.string()),
  name: optional(z.string()),
  required: optional(z.boolean()),
  hasDefaultValue: optional(z.boolean()),
  schema: optional(z.object({ custom: optional(z.string()) })),
});

export const attachmentMetaSchema = z.object({
  enabled: optional(z.boolean()),
  uploadLimit: optional(z.number()),
});
