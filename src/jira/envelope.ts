/** What an error body of Jira says, whichever of its shapes it has. */
export interface ErrorEnvelope {
  messages: string[];
  fieldErrors: Record<string, string>;
}

const longest = 1000;

/**
 * Reads all shapes of Jira's error bodies: `{errorMessages, errors}` with either part empty, missing or a plain string,
 * `{message}` (REST framework, authentication), `{errorMessage}` (Service Management). Anything else gives nothing;
 * HTML never becomes a message.
 */
export function readEnvelope(data: unknown): ErrorEnvelope {
  if (typeof data !== 'object' || data === null) return { messages: [], fieldErrors: {} };
  const record: Record<string, unknown> = { ...data };
  const messages = [...texts(record['errorMessages']), ...texts(record['message']), ...texts(record['errorMessage'])];
  const errors = record['errors'];
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) {
    return { messages: [...messages, ...texts(errors)], fieldErrors: {} };
  }
  const fieldErrors = Object.fromEntries(
    Object.entries(errors).flatMap(([field, text]) => texts(text).map((one) => [field, one])),
  );
  return { messages, fieldErrors };
}

function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((text) =>
    typeof text === 'string' && text.trim() !== '' && !text.trimStart().startsWith('<') ? [text.slice(0, longest)] : [],
  );
}
