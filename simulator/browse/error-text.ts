import type { JiraError } from '../server/errors.ts';

/** All that is wrong, for a person. */
export function errorText(error: JiraError): string {
  return [...error.messages, ...Object.values(error.errors)].join(' ');
}
