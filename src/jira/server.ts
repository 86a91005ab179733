import { z } from 'zod';
import type { TrackerProject, TrackerServer } from '#/engine/ports.ts';
import type { TtlCache } from './cache.ts';
import type { JiraClient } from './client.ts';
import { parseJiraDate } from './dates.ts';
import { parseAnswer } from './parse.ts';
import { permissionsSchema, projectSchema, serverInfoSchema } from './schemas.ts';

/** `GET /serverInfo`. `baseUrl` is the configured one and may differ from the address in use. */
export async function readServer(client: JiraClient): Promise<TrackerServer> {
  const answer = await client.call({ method: 'GET', route: '/serverInfo', path: '/rest/api/2/serverInfo' });
  const info = parseAnswer(serverInfoSchema, answer, { what: 'GET /serverInfo', reads: true });
  return {
    baseUrl: info.baseUrl ?? client.base.href,
    version: info.version,
    versionNumbers: info.versionNumbers ?? numbersOf(info.version),
    serverTitle: info.serverTitle ?? 'Jira',
    serverTimeMs: info.serverTime === undefined ? null : parseJiraDate(info.serverTime),
  };
}

function numbersOf(version: string): number[] {
  return (/^[\d.]+/.exec(version)?.[0] ?? '')
    .split('.')
    .filter((part) => part !== '')
    .map(Number);
}

/** The version's numbers from a cached `/serverInfo`; empty when Jira does not tell (some only answer others than us). */
export async function jiraVersion(client: JiraClient, cache: TtlCache): Promise<readonly number[]> {
  try {
    return await cache.get('version', async () => (await readServer(client)).versionNumbers);
  } catch (error) {
    client.logger.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'jira version unknown');
    return [];
  }
}

/** Whether `version` is `major.minor` or later; undefined when it is not known. */
export function atLeast(version: readonly number[], major: number, minor: number): boolean | undefined {
  const [a, b = 0] = version;
  return a === undefined ? undefined : a > major || (a === major && b >= minor);
}

/** Keys of the permissions held (`GET /mypermissions`, which lists all of them on Server). */
export async function readPermissions(
  client: JiraClient,
  scope: { projectKey?: string; issueKey?: string } = {},
): Promise<ReadonlySet<string>> {
  const answer = await client.call({
    method: 'GET',
    route: '/mypermissions',
    path: '/rest/api/2/mypermissions',
    query: { projectKey: scope.projectKey, issueKey: scope.issueKey },
  });
  await client.confirmOurs(answer, identityMaxAgeMs);
  const { permissions } = parseAnswer(permissionsSchema, answer, { what: 'GET /mypermissions', reads: true });
  return new Set(Object.entries(permissions).flatMap(([key, { havePermission }]) => (havePermission ? [key] : [])));
}

/** Age at which a proof of identity is asked for again where an answer does not say for whom it was made. */
export const identityMaxAgeMs = 60_000;

/** All projects the account may see, in Jira's order. An anonymous visitor would get the public ones only. */
export async function readProjects(client: JiraClient): Promise<readonly TrackerProject[]> {
  const answer = await client.call({ method: 'GET', route: '/project', path: '/rest/api/2/project' });
  await client.confirmOurs(answer, identityMaxAgeMs);
  return parseAnswer(z.array(projectSchema), answer, { what: 'GET /project', reads: true });
}
