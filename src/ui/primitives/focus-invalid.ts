/** After a form was refused: its first field that is wrong takes the focus, once it is shown as such. */
export function focusInvalid(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
