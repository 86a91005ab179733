/** Rule A5: what the destination project demands at creation beyond what Basic mode carries. */
import type { TrackerCreateField } from '../ports.ts';

/** Custom field type of "Epic Name" (Jira Software's Greenhopper plug-in); its id differs per Jira. */
const epicNameType = 'com.pyxis.greenhopper.jira:gh-epic-label';

/** Jira reports these as required although it fills them in, or the create request always has them. */
const alwaysGiven = new Set(['project', 'issuetype', 'summary', 'reporter', 'parent']);

export interface DemandedFields {
  extraFields: Readonly<Record<string, string>>;
  /** Names of fields that Basic mode cannot fill. */
  missing: readonly string[];
}

export function demandedFields(
  fields: readonly TrackerCreateField[],
  given: { summary: string; description: string },
): DemandedFields {
  const extraFields: Record<string, string> = {};
  const missing: string[] = [];
  for (const field of fields) {
    if (!field.required || field.hasDefaultValue || alwaysGiven.has(field.fieldId)) continue;
    if (field.fieldId === 'description' && given.description !== '') continue;
    if (field.custom === epicNameType) extraFields[field.fieldId] = given.summary;
    else missing.push(field.name);
  }
  return { extraFields, missing };
}
