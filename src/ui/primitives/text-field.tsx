'use client';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import { inputClass } from './input-class.ts';
import { FieldError } from './messages.tsx';
import type { Problem } from '../problem.ts';
import { useHydrated } from './use-hydrated.ts';

export interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** Shown beside the label, outside its text. */
  labelExtra?: ReactNode;
  hint?: ReactNode;
  problem?: Problem | null;
  required?: boolean;
}

export function TextField({ label, labelExtra, hint, problem, className, id, readOnly, ...rest }: TextFieldProps) {
  const ownId = useId();
  const hydrated = useHydrated();
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
        readOnly={readOnly || (rest.onChange !== undefined && !hydrated)}
        data-fixed={readOnly || undefined}
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
