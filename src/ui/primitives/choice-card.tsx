import { type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

export interface ChoiceCardProps {
  group: string;
  value: string;
  name: string;
  checked: boolean;
  disabled?: boolean;
  onChoose: (value: string) => void;
  /** Below the name; not part of it for assistive tools. */
  children: ReactNode;
}

/** A radio button drawn as a card. */
export function ChoiceCard({ group, value, name, checked, disabled = false, onChoose, children }: ChoiceCardProps) {
  const id = useId();
  return (
    <label
      className={classes(
        'flex gap-3 rounded-md border p-3 transition-colors',
        checked ? 'border-brand bg-selected' : 'border-line bg-surface',
        disabled ? 'bg-sunken' : 'cursor-pointer hover:border-brand',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
      )}
    >
      <input
        type="radio"
        name={group}
        value={value}
        checked={checked}
        disabled={disabled}
        onChange={() => onChoose(value)}
        aria-label={name}
        aria-describedby={id}
        className="mt-0.5 size-4 shrink-0 accent-brand outline-none"
      />
      <span className="min-w-0">
        <span className={classes('block font-semibold', disabled && 'text-subtle')}>{name}</span>
        <span id={id} className="block text-sm text-subtle">
          {children}
        </span>
      </span>
    </label>
  );
}
