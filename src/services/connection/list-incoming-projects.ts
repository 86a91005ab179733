import type { IssueTracker, TrackerProject } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { onJira } from './on-jira.ts';
import { requireAdmin } from './require-admin.ts';
import { plainText } from '../plain-text.ts';

const CREATE = 'CREATE_ISSUES';
const AT_ONCE = 8;
const KEPT_FOR_MS = 60_000;

const cache = new WeakMap<IssueTracker, { until: number; projects: Promise<TrackerProject[]> }>();

/** Projects in which the proxy user may create issues, by name. Kept for a minute: it takes one request per project. */
export async function listIncomingProjects(ctx: ServiceContext): Promise<TrackerProject[]> {
  requireAdmin(ctx);
  const jira = ctx.jira();
  const now = ctx.clock.now();
  const kept = cache.get(jira);
  if (kept !== undefined && kept.until > now) return kept.projects;
  const projects = onJira(() => creatable(jira));
  cache.set(jira, { until: now + KEPT_FOR_MS, projects });
  projects.catch(() => cache.delete(jira));
  return projects;
}

/** The project, asked for anew. Throws `invalid_input` at `field` when issues cannot be created in it. */
export async function requireIncomingProject(
  ctx: ServiceContext,
  projectId: string,
  field: string,
): Promise<TrackerProject> {
  const jira = ctx.jira();
  const project = (await onJira(() => jira.projects())).find(({ id }) => id === projectId);
  if (project !== undefined && (await onJira(() => mayCreate(jira, project)))) return project;
  throw new ServiceError('invalid_input', {
    summary:
      project === undefined
        ? 'This project does not exist any more.'
        : `Issues cannot be created in ${project.name} (${project.key}).`,
    why:
      project === undefined
        ? 'Jira does not list it for the proxy user.'
        : 'The proxy user lacks the permission "Create Issues" there.',
    remedy: 'Select another project, or give the proxy user that permission in Jira.',
    field,
  });
}

async function creatable(jira: IssueTracker): Promise<TrackerProject[]> {
  const projects = await jira.projects();
  const queue = projects.entries();
  const allowed = new Set<string>();
  const work = async (): Promise<void> => {
    for (const [, project] of queue) if (await mayCreate(jira, project)) allowed.add(project.id);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, projects.length) }, work));
  const byName = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
  return projects
    .filter(({ id }) => allowed.has(id))
    .sort((a, b) => byName.compare(a.name, b.name) || byName.compare(a.key, b.key));
}

async function mayCreate(jira: IssueTracker, project: TrackerProject): Promise<boolean> {
  return (await jira.permissions({ projectKey: project.key })).has(CREATE);
}

export const projectIdSchema = plainText(64).min(1, 'Select a project.');
