import { JiraError } from '../server/errors.ts';
import type { Json, JsonObject } from '../store/records.ts';

/** One `{verb: value}` of the `update` part. */
export interface Operation {
  verb: string;
  value: Json;
}

export interface IssueInput {
  fields: JsonObject;
  update: Record<string, Operation[]>;
  properties: { key: string; value: Json }[];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The parts of a create or edit body. */
export function issueInput(body: JsonObject): IssueInput {
  const { fields, update, properties } = body;
  const given = [fields, update, properties].filter((part) => part !== undefined && part !== null);
  if (given.length === 0) throw new JiraError(400, "one of 'fields' or 'update' required");
  const input: IssueInput = { fields: isObject(fields) ? fields : {}, update: {}, properties: [] };
  for (const [field, list] of Object.entries(isObject(update) ? update : {})) {
    if (!Array.isArray(list)) throw new JiraError(400, [], { [field]: 'operations must be an array' });
    input.update[field] = list
      .filter(isObject)
      .flatMap((one) => Object.entries(one).map(([verb, value]) => ({ verb, value })));
    if (input.fields[field] !== undefined) {
      throw new JiraError(400, [], { [field]: `Field '${field}' cannot appear in both 'fields' and 'update'` });
    }
  }
  for (const one of Array.isArray(properties) ? properties : []) {
    if (!isObject(one) || typeof one['key'] !== 'string') throw new JiraError(400, 'Issue property key must be given.');
    input.properties.push({ key: one['key'], value: one['value'] ?? null });
  }
  return input;
}
