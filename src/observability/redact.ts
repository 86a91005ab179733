const REDACTED = '[redacted]';
const MAX_DEPTH = 8;

/** Names whose values never appear in a log. Plain `key` is not among them: it is Jira's word for `DEMO-1`. */
const SECRET_NAME =
  /authorization|passw|passphrase|token|secret|cookie|credential|signature|jwt|invitationcode|(encryption|private|shared|derived|signing|api|channel|session)[_-]?key/i;

/** Secrets inside texts, such as the message of an error: what is kept in front, then what goes. None crosses a quote. */
const SECRET_TEXT: ReadonlyArray<readonly [RegExp, string]> = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"\\/@]+@/gi, `$1${REDACTED}@`],
  [/\b(Bearer|Basic)\s+[\w~+/.-]{6,}=*/gi, `$1 ${REDACTED}`],
  [/([?&][\w.-]*(?:token|secret|password|signature|code|key)=)[^&\s"\\#]+/gi, `$1${REDACTED}`],
  [/(\/api\/jira\/webhook\/)[^\s"\\/?#]+/g, `$1${REDACTED}`],
  // JSON in base64: signed tokens and invitation codes.
  [/\beyJ[\w+/-]{16,}(?:\.[\w-]+)*=*/g, REDACTED],
];

/** Takes credentials out of a text: user names in URLs, bearer and basic values, tokens in queries, signed tokens. */
export function redactText(text: string): string {
  return SECRET_TEXT.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

/**
 * A copy without secrets: values under telling names are replaced at any depth, errors become plain objects with
 * their own properties and causes. Texts are left to {@link redactText}.
 */
export function redactValue(value: unknown, depth = 0, seen: ReadonlySet<object> = new Set()): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  const deeper = (inner: unknown): unknown => redactValue(inner, depth + 1, new Set([...seen, value]));

  if (value instanceof Date) return value.toISOString();
  if (value instanceof URL) return value.href;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map(deeper);
  if (value instanceof Set) return [...value].map(deeper);
  if (value instanceof Map || value instanceof Headers) return redactEntries(value.entries(), deeper);
  if (value instanceof Error) return redactError(value, deeper);
  return redactEntries(Object.entries(value), deeper);
}

function redactError(error: Error, deeper: (inner: unknown) => unknown): Record<string, unknown> {
  const { cause } = error;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...redactEntries(Object.entries(error), deeper),
    ...(error instanceof AggregateError ? { errors: error.errors.map(deeper) } : {}),
    ...(cause === undefined ? {} : { cause: deeper(cause) }),
  };
}

function redactEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  deeper: (inner: unknown) => unknown,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of entries) copy[String(name)] = hides(String(name), inner) ? REDACTED : deeper(inner);
  return copy;
}

function hides(name: string, inner: unknown): boolean {
  return SECRET_NAME.test(name) && inner !== null && inner !== undefined && typeof inner !== 'boolean';
}
