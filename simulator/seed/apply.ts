import type { Jira } from '../core/jira.ts';
import { companyA } from './company-a.ts';
import { companyB } from './company-b.ts';
import { emptySeed } from './empty.ts';
import { makeCustomField, makeSoftwareFields } from './fields.ts';
import { issueType, makeProject, makeScheme } from './projects.ts';
import type { Seed } from './types.ts';
import { makeUser } from './users.ts';

const BUILT_IN: Record<string, () => Seed> = { 'company-a': companyA, 'company-b': companyB, empty: emptySeed };

/** Fills an empty server. */
export async function applySeed(jira: Jira, nameOrSeed: Seed | string): Promise<void> {
  const built = typeof nameOrSeed === 'string' ? BUILT_IN[nameOrSeed] : () => nameOrSeed;
  if (built === undefined)
    throw new Error(`No built-in seed '${String(nameOrSeed)}'. There are: ${Object.keys(BUILT_IN).join(', ')}`);
  const seed = built();
  jira.webhooks.silent = true;
  try {
    for (const name of ['Epic', 'Story', 'Task', 'Sub-task', 'Bug']) issueType(jira, { name });
    for (const type of seed.issueTypes ?? []) issueType(jira, type);
    makeSoftwareFields(jira);
    for (const field of seed.customFields ?? []) makeCustomField(jira, field);
    for (const user of seed.users) makeUser(jira, user);
    for (const scheme of seed.schemes ?? []) makeScheme(jira, scheme);
    for (const project of seed.projects) await makeProject(jira, project);
  } finally {
    jira.webhooks.silent = false;
  }
  jira.index.catchUp();
}
