import { statusOf } from '../meta/catalog.ts';
import { can } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import type { Reply } from '../server/reply.ts';
import { toLogin } from './forms.ts';
import type { Markup } from './layout.ts';
import { markup, page } from './layout.ts';

const SHOWN = 50;

/** Projects and their newest issues. */
export function startPage(call: Call): Reply {
  const { jira, user } = call;
  const projects = [...jira.store.projects.values()].filter((project) => can(jira, user, 'BROWSE_PROJECTS', project));
  if (user === null && projects.length === 0) return toLogin(call);
  const parts = projects.map((project): Markup => {
    const issues = jira.store.issuesOf.of(project.id).sort((a, b) => b.number - a.number);
    const rows = issues.slice(0, SHOWN).map((issue) => {
      const status = statusOf(issue.statusId);
      return markup`<tr><td style="white-space:nowrap"><a href="${jira.contextPath}/browse/${issue.key}">${issue.key}</a></td><td>${jira.store.issueTypes.get(issue.typeId)?.name}</td><td><a href="${jira.contextPath}/browse/${issue.key}">${issue.summary}</a></td><td><span class="lozenge ${status.category.key}">${status.name}</span></td></tr>`;
    });
    const rest = issues.length > SHOWN ? markup`<p class="dim">and ${issues.length - SHOWN} more</p>` : null;
    return markup`<section><h2>${project.name} <span class="dim">${project.key}</span> <a class="dim" href="${jira.contextPath}/secure/CreateIssue.jspa?project=${project.key}">Create issue</a></h2><table><tr><th>Key</th><th>Type</th><th>Summary</th><th>Status</th></tr>${rows}</table>${rest}</section>`;
  });
  return page(jira, user, 'Projects', markup`${parts}`);
}
