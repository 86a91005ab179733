/** The look of everything that text is entered in; `data-fixed` is for text that is only to be read or copied. */
export const inputClass =
  'block w-full min-h-9 rounded-sm border border-field bg-surface px-2 py-1.5 text-ink data-fixed:bg-sunken ' +
  'hover:bg-hover focus:border-brand focus:bg-surface focus:outline-2 focus:-outline-offset-2 focus:outline-brand ' +
  'disabled:opacity-60 aria-invalid:border-danger pointer-coarse:min-h-11 pointer-coarse:text-lg';
