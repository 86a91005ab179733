'use client';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import { inputClass } from './input-class.ts';
import { FieldError } from './messages.tsx';
import type { Problem } from '../problem.ts';
import { useHydrated } from './use-hydrated.ts';

export interface TextAreaProps extends ComponentProps<'textarea'> {
  label: string;
  hint?: ReactNode;
  problem?: Problem | null;
}

/** Text of several lines, with its label, a hint and what is wrong with it. */
export function TextArea({ label, hint, problem, className, readOnly, ...rest }: TextAreaProps) {
  const id = useId();
  const hydrated = useHydrated();
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-error` : null].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-semibold text-subtle">
        {label}
      </label>
      <textarea
        {...rest}
        id={id}
        readOnly={readOnly || (rest.onChange !== undefined && !hydrated)}
        data-fixed={readOnly || undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        className={classes(inputClass, className)}
      />
      {hint && (
        <div id={`${id}-hint`} className="text-xs text-subtle">
          {hint}
        </div>
      )}
      {problem && <FieldError id={`${id}-error`} problem={problem} />}
    </div>
  );
}
