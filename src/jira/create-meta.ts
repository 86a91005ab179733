import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerCreateField, TrackerIssueType } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import type { TtlCache } from './cache.ts';
import type { JiraClient } from './client.ts';
import { parseAnswer } from './parse.ts';
import { createFieldSchema, idSchema, issueTypeSchema, list, optional } from './schemas.ts';
import { atLeast, jiraVersion } from './server.ts';

type Project = { id: string; key: string };

/**
 * Types the account may create in a project. The paginated resource exists from 8.4, the old one up to 8.x; for an unknown
 * version both are tried. `forbidden`: no create permission, or the project is unknown to the account (400 from the
 * paginated resource, an empty list from the old one).
 */
export async function readCreatableIssueTypes(
  client: JiraClient,
  cache: TtlCache,
  project: Project,
): Promise<readonly TrackerIssueType[]> {
  const types = await eitherForm(
    client,
    cache,
    () => pages(client, path`/rest/api/2/issue/createmeta/${project.key}/issuetypes`, issueTypeSchema, 'issueTypes'),
    async () => (await oldProject(client, project)).issuetypes.map(({ type }) => type),
  );
  if (types.length === 0) throw forbidden(200);
  return types;
}

/** Fields of the create screen of a type. `forbidden` as above, or when the type cannot be created there. */
export async function readCreateFields(
  client: JiraClient,
  cache: TtlCache,
  project: Project,
  issueTypeId: string,
): Promise<readonly TrackerCreateField[]> {
  return eitherForm(
    client,
    cache,
    async () => {
      const target = path`/rest/api/2/issue/createmeta/${project.key}/issuetypes/${issueTypeId}`;
      return (await pages(client, target, createFieldSchema, 'fields')).flatMap((field) =>
        createField(field, undefined),
      );
    },
    async () => {
      const { issuetypes } = await oldProject(client, project, issueTypeId);
      const type = issuetypes.find((candidate) => candidate.type.id === issueTypeId);
      if (type === undefined) throw forbidden(200);
      return Object.entries(type.fields).flatMap(([fieldId, field]) => createField(field, fieldId));
    },
  );
}

async function eitherForm<T>(
  client: JiraClient,
  cache: TtlCache,
  paginated: () => Promise<T>,
  old: () => Promise<T>,
): Promise<T> {
  const version = await jiraVersion(client, cache);
  if (atLeast(version, 8, 4) === false) return old();
  try {
    return await paginated();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    if (error.code === 'invalid') throw forbidden(error.status, error);
    // 9.0 and later have only this one, and take "createmeta" in the old one for an issue key.
    if (error.status !== 404 || atLeast(version, 9, 0) === true) throw error;
    return old();
  }
}

async function pages<T>(client: JiraClient, target: string, schema: z.ZodType<T>, otherName: string): Promise<T[]> {
  const pageSchema = z.object({
    values: optional(z.array(schema)),
    [otherName]: optional(z.array(schema)),
    total: optional(z.number()),
    isLast: optional(z.boolean()),
  });
  const found: T[] = [];
  for (;;) {
    const answer = await client.call({
      method: 'GET',
      route: '/issue/createmeta/{project}/issuetypes',
      path: target,
      query: { startAt: found.length, maxResults: 100 },
    });
    const page = parseAnswer(pageSchema, answer, { what: 'GET /issue/createmeta/{project}/issuetypes', reads: true });
    const values = (page['values'] ?? page[otherName] ?? []) as T[];
    found.push(...values);
    const last = page['isLast'] === true || found.length >= Number(page['total'] ?? found.length);
    if (last || values.length === 0) return found;
  }
}

const oldTypeSchema = z
  .object({ fields: optional(z.record(z.string(), createFieldSchema)) })
  .and(z.unknown())
  .transform((type) => type.fields ?? {});

const oldSchema = z.object({
  projects: list(
    z.object({
      id: idSchema,
      key: z.string(),
      issuetypes: z.array(z.unknown().transform((value, context) => both(value, context))),
    }),
  ),
});

function both(value: unknown, context: z.RefinementCtx) {
  const type = issueTypeSchema.safeParse(value);
  const fields = oldTypeSchema.safeParse(value);
  if (type.success && fields.success) return { type: type.data, fields: fields.data };
  context.addIssue({ code: 'custom', message: 'not an issue type' });
  return z.NEVER;
}

async function oldProject(client: JiraClient, project: Project, issueTypeId?: string) {
  const answer = await client.call({
    method: 'GET',
    route: '/issue/createmeta',
    path: '/rest/api/2/issue/createmeta',
    query: {
      projectKeys: project.key,
      issuetypeIds: issueTypeId,
      expand: issueTypeId === undefined ? undefined : 'projects.issuetypes.fields',
    },
  });
  const { projects } = parseAnswer(oldSchema, answer, { what: 'GET /issue/createmeta', reads: true });
  const found = projects.find(({ id, key }) => id === project.id || key === project.key);
  if (found === undefined) throw forbidden(200);
  return found;
}

function createField(field: z.infer<typeof createFieldSchema>, mapKey: string | undefined): TrackerCreateField[] {
  const fieldId = field.fieldId ?? mapKey ?? field.key;
  if (fieldId === undefined) return [];
  return [
    {
      fieldId,
      name: field.name ?? fieldId,
      required: field.required ?? false,
      hasDefaultValue: field.hasDefaultValue ?? false,
      custom: field.schema?.custom ?? null,
    },
  ];
}

function forbidden(status: number | null, cause?: TrackerError): TrackerError {
  return new TrackerError('forbidden', {
    message: 'The account may not create issues in this project, or the project does not exist.',
    outcome: 'refused',
    status,
    messages: cause?.messages ?? [],
    fieldErrors: cause?.fieldErrors ?? {},
    cause,
  });
}
