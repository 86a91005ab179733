/**
 * Whether a value is the error of this name. Next gives every entry point a copy of its modules, so one process can hold
 * several copies of an error class; `instanceof` has to recognise the error whichever copy made it. Error classes use it as
 * `static override [Symbol.hasInstance]`.
 */
export function isErrorNamed(value: unknown, name: string): boolean {
  return value instanceof Error && value.name === name;
}
