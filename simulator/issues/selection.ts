import type { Jira } from '../core/jira.ts';
import { SYSTEM_FIELDS } from '../meta/fields.ts';

const SYSTEM_ALL = SYSTEM_FIELDS.map((field) => field.id);
const SYSTEM_NAVIGABLE = SYSTEM_FIELDS.filter((field) => field.navigable).map((field) => field.id);

/** The field ids that a `fields` parameter picks: `*all`, `*navigable`, names, `-name`. Unknown names are ignored. */
export function selectFields(jira: Jira, wanted: string[], fallback: '*all' | '*navigable'): string[] {
  const customs = [...jira.store.customFields.values()].map((field) => field.id);
  const tokens = wanted.map((token) => token.trim()).filter((token) => token !== '');
  if (tokens.every((token) => token.startsWith('-'))) tokens.unshift(fallback);
  const picked = new Set<string>();
  for (const token of tokens) {
    if (token === '*all') for (const id of [...SYSTEM_ALL, ...customs]) picked.add(id);
    else if (token === '*navigable') for (const id of [...SYSTEM_NAVIGABLE, ...customs, 'parent']) picked.add(id);
    else if (token.startsWith('-')) picked.delete(token.slice(1));
    else if (SYSTEM_ALL.includes(token) || jira.store.customFields.get(token) !== undefined) picked.add(token);
  }
  return [...picked];
}
