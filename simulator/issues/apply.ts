import { fieldById } from '../meta/fields.ts';
import type { IssueRecord, Json } from '../store/records.ts';
import { BadValue, listValue, notOnScreen, writeField } from './field-writers.ts';
import type { WriteContext } from './field-writers.ts';
import type { IssueInput, Operation } from './input.ts';

/** Fields whose value is not kept in the issue itself: they are worked off after the issue is saved. */
const ASIDE = ['comment', 'issuelinks', 'worklog', 'attachment'];

/** What Jira says of a field that cannot be set, only worked on with operations of its own (or with a resource of its own). */
function noUpdate(id: string): string {
  return `Field does not support update '${id}'`;
}

function operate(context: WriteContext, issue: IssueRecord, id: string, { verb, value }: Operation): Json {
  if (verb === 'set') return value;
  const list = listValue(context, issue, id);
  const same = (one: Json): boolean =>
    JSON.stringify(one) === JSON.stringify(value) || nameOf(context, id, one) === nameOf(context, id, value);
  if (verb === 'add') return list.some(same) ? list : [...list, value];
  if (verb === 'remove') return list.filter((one) => !same(one));
  throw new BadValue(`Operation '${verb}' is not supported for field '${id}'`);
}

function nameOf(context: WriteContext, id: string, value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  if (typeof value['name'] === 'string') return value['name'];
  const list = id === 'components' ? context.project.components : context.project.versions;
  return list.find((one) => one.id === value['id'])?.name ?? JSON.stringify(value);
}

/**
 * The issue with the input's values, and what was refused, by field. `usable` are the fields on the screen; `null` allows all
 * (the seed and the control endpoint write behind the screens).
 */
export function applyInput(
  context: WriteContext,
  start: IssueRecord,
  input: IssueInput,
  usable: string[] | null,
  skip: string[],
  unknownText: (id: string) => string = notOnScreen,
): { issue: IssueRecord; errors: Record<string, string> } {
  let issue = start;
  const errors: Record<string, string> = {};
  const each = (id: string, change: (field: NonNullable<ReturnType<typeof fieldById>>) => IssueRecord): void => {
    if (skip.includes(id)) return;
    const field = fieldById(context.jira, id);
    if (field === undefined) errors[id] = unknownText(id);
    else if (usable !== null && !usable.includes(id)) errors[id] = notOnScreen(id);
    else {
      try {
        issue = change(field);
      } catch (error) {
        if (!(error instanceof BadValue)) throw error;
        errors[id] = error.message;
      }
    }
  };
  for (const [id, value] of Object.entries(input.fields)) {
    each(id, (field) => {
      if (ASIDE.includes(id)) throw new BadValue(noUpdate(id));
      return writeField(context, issue, field, value);
    });
  }
  for (const [id, operations] of Object.entries(input.update)) {
    each(id, (field) => {
      if (ASIDE.includes(id)) {
        if (operations.some(({ verb }) => !field.operations.includes(verb))) throw new BadValue(noUpdate(id));
        return issue;
      }
      return operations.reduce(
        (now, operation) => writeField(context, now, field, operate(context, now, id, operation)),
        issue,
      );
    });
  }
  return { issue, errors };
}
