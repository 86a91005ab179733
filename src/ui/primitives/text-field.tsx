import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import { FieldError } from './messages.tsx';
import type { Problem } from '../problem.ts';

export const inputClass =
  'block w-full min-h-9 rounded-sm border border-field bg-surface px-2 py-1.5 text-ink [&[readonly]]:bg-sunken ' +
  'hover:bg-hover focus:border-brand focus:bg-surface focus:outline-2 focus:-outline-offset-2 focus:outline-brand ' +
  'disabled:opacity-60 aria-invalid:border-danger pointer-coarse:min-h-11 pointer-coarse:text-lg';

export interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** Shown beside the label, outside its text. */
  labelExtra?: ReactNode;
  hint?: ReactNode;
  problem?: Problem | null;
  required?: boolean;
}

export function TextField({ label, labelExtra, hint, problem, className, id, ...rest }: TextFieldProps) {
  const ownId = useId();
  const inputId = id ?? ownId;
  const described = [hint ? `${inputId}-hint` : null, problem ? `${inputId}-error` : null].filter(Boolean).join(' ');
  return (
    <div className={classes('flex flex-col gap-1', className)}>
      <span className="flex items-center gap-1">
        <label htmlFor={inputId} className="text-xs font-semibold text-subtle">
          {label}
        </label>
        {labelExtra}
      </span>
      <input
        {...rest}
        id={inputId}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        className={inputClass}
      />
      {hint && (
        <p id={`${inputId}-hint`} className="text-xs text-subtle">
          {hint}
        </p>
      )}
      {problem && <FieldError id={`${inputId}-error`} problem={problem} />}
    </div>
  );
}
