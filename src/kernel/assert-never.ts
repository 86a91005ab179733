/** Closes an exhaustive switch: the compiler refuses a case that was forgotten, and a value from outside throws. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value) ?? String(value)}`);
}
