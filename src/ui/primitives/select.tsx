import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { inputClass } from './input-class.ts';

export interface SelectProps extends ComponentProps<'select'> {
  label: string;
  options: ReadonlyArray<{ value: string; label: string }>;
}

export function Select({ label, options, ...rest }: SelectProps) {
  return (
    <label className="flex w-full flex-col gap-1 sm:w-48">
      <span className="text-xs font-semibold text-subtle">{label}</span>
      <span className="relative">
        <select {...rest} className={`${inputClass} appearance-none truncate pr-8`}>
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
    </label>
  );
}
