import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { FieldError } from './messages.tsx';
import { inputClass } from './input-class.ts';
import type { Problem } from '../problem.ts';

export interface SelectFieldProps extends ComponentProps<'select'> {
  label: string;
  options: ReadonlyArray<{ value: string; label: string }>;
  hint?: ReactNode;
  problem?: Problem | null;
}

/** A choice within a form, as wide as the form. */
export function SelectField({ label, options, hint, problem, ...rest }: SelectFieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-error` : null].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-semibold text-subtle">
        {label}
      </label>
      <span className="relative">
        <select
          {...rest}
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={described || undefined}
          className={`${inputClass} appearance-none truncate pr-8`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-2 my-auto size-4 text-subtle"
        />
      </span>
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-subtle">
          {hint}
        </p>
      )}
      {problem && <FieldError id={`${id}-error`} problem={problem} />}
    </div>
  );
}
