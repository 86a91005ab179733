import { randomInt } from 'node:crypto';
import type { Jira } from '../core/jira.ts';
import { EPIC_LINK, EPIC_NAME, SPRINT } from '../meta/fields.ts';
import type { CustomFieldRecord } from '../store/records.ts';
import type { SeedCustomField } from './types.ts';

/** Ids are drawn at random: nothing may rely on them being the same on two servers. */
export function makeCustomField(jira: Jira, seed: SeedCustomField): CustomFieldRecord {
  let id: string;
  do id = `customfield_${randomInt(10_100, 12_000)}`;
  while (jira.store.customFields.get(id) !== undefined);
  return jira.store.customFields.put({
    id,
    name: seed.name,
    custom: seed.custom,
    type: seed.type,
    items: seed.items ?? null,
  });
}

/** What Jira Software brings along. */
export function makeSoftwareFields(jira: Jira): void {
  makeCustomField(jira, { name: 'Epic Name', custom: EPIC_NAME, type: 'string' });
  makeCustomField(jira, { name: 'Epic Link', custom: EPIC_LINK, type: 'any' });
  makeCustomField(jira, { name: 'Sprint', custom: SPRINT, type: 'array', items: 'string' });
}
