import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { DefaultIssueType } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import type { TtlCache } from './cache.ts';
import type { JiraClient } from './client.ts';
import { parseAnswer } from './parse.ts';
import { idSchema, issueTypeSchema, list, optional } from './schemas.ts';

const schemesSchema = z.object({
  schemes: list(
    z.object({ id: idSchema, defaultIssueType: optional(issueTypeSchema), issueTypes: list(issueTypeSchema) }),
  ),
});
type Scheme = z.infer<typeof schemesSchema>['schemes'][number];

const associationsSchema = z.preprocess(
  (value) => (Array.isArray(value) ? { values: value } : value),
  z.object({
    values: z.preprocess(
      (value) => value ?? [],
      z.array(z.object({ id: optional(idSchema), key: optional(z.string()) })),
    ),
  }),
);

/** Jira's own "Default Issue Type Scheme", for projects without another one; its id is the same everywhere (recalled, not confirmed). */
const systemSchemeId = '10000';

/**
 * The default type of the project's issue type scheme. Jira has no look-up by project, so schemes are walked until one is
 * associated with it; what is seen on the way is cached. Only administrators may read schemes: 401, 403 and 404 (versions
 * without the resource) give `forbidden`. Source: Atlassian REST docs, `/issuetypescheme`.
 */
export async function readDefaultIssueType(
  client: JiraClient,
  cache: TtlCache,
  project: { id: string; key: string },
): Promise<DefaultIssueType> {
  try {
    const schemes = await cache.get('schemes', () => readSchemes(client));
    for (const scheme of schemes) {
      const projects = await cache.get(`scheme ${scheme.id}`, () => readAssociations(client, scheme));
      if (projects.has(project.id) || projects.has(project.key)) return defaultOf(scheme);
    }
    const system = schemes.find(({ id }) => id === systemSchemeId);
    return system === undefined ? { kind: 'none' } : defaultOf(system);
  } catch (error) {
    if (!(error instanceof TrackerError) || ![401, 403, 404].includes(error.status ?? 0)) throw error;
    if (error.code === 'credentials_refused' || error.code === 'captcha') throw error;
    // 401 means "not logged in" as well: only /myself can tell.
    if (error.status === 401) await client.identity(0);
    return { kind: 'forbidden' };
  }
}

function defaultOf(scheme: Scheme): DefaultIssueType {
  const { defaultIssueType } = scheme;
  return defaultIssueType === undefined ? { kind: 'none' } : { kind: 'known', issueType: defaultIssueType };
}

async function readSchemes(client: JiraClient): Promise<readonly Scheme[]> {
  const answer = await client.call({
    method: 'GET',
    route: '/issuetypescheme',
    path: '/rest/api/2/issuetypescheme',
    query: { expand: 'schemes.issueTypes,schemes.defaultIssueType' },
    adminOnly: true,
  });
  return parseAnswer(schemesSchema, answer, { what: 'GET /issuetypescheme', reads: true }).schemes;
}

async function readAssociations(client: JiraClient, scheme: Scheme): Promise<ReadonlySet<string>> {
  const answer = await client.call({
    method: 'GET',
    route: '/issuetypescheme/{id}/associations',
    path: path`/rest/api/2/issuetypescheme/${scheme.id}/associations`,
    adminOnly: true,
  });
  const { values } = parseAnswer(associationsSchema, answer, {
    what: 'GET /issuetypescheme/{id}/associations',
    reads: true,
  });
  return new Set(values.flatMap(({ id, key }) => [id, key].filter((name) => name !== undefined)));
}
