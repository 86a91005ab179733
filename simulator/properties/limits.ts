import { JiraError } from '../server/errors.ts';
import type { Json } from '../store/records.ts';

const KEY_LIMIT = 255;
const VALUE_LIMIT = 32_768;

/** Refuses keys and values that are too long. */
export function checkProperty(key: string, value: Json): void {
  if (key === '' || key.length > KEY_LIMIT)
    throw new JiraError(400, `The property key cannot be longer than ${KEY_LIMIT} characters.`);
  if (Buffer.byteLength(JSON.stringify(value)) > VALUE_LIMIT) {
    throw new JiraError(400, `The property value cannot be longer than ${VALUE_LIMIT} bytes.`);
  }
}
