'use client';
import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { FieldError } from './messages.tsx';
import { inputClass } from './input-class.ts';
import type { Problem } from '../problem.ts';

export interface Option {
  value: string;
  label: string;
}

export interface ComboboxProps {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChange: (value: string | null) => void;
  placeholder?: string;
  emptyText: string;
  problem?: Problem | null;
}

/** A drop-down in which typing filters. */
export function Combobox({ label, options, value, onChange, placeholder, emptyText, problem }: ComboboxProps) {
  const id = useId();
  const selected = options.find((option) => option.value === value) ?? null;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-semibold text-subtle">
        {label}
      </label>
      <BaseCombobox.Root
        items={options}
        value={selected}
        onValueChange={(option: Option | null) => onChange(option?.value ?? null)}
        isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
        autoHighlight
      >
        <BaseCombobox.InputGroup className="relative">
          <BaseCombobox.Input
            id={id}
            placeholder={placeholder}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? `${id}-error` : undefined}
            aria-required
            autoComplete="off"
            className={`${inputClass} pr-9`}
          />
          <BaseCombobox.Trigger
            aria-label="Show the list"
            tabIndex={-1}
            className="absolute inset-y-0 right-0 grid w-9 place-items-center text-subtle"
          >
            <ChevronDown aria-hidden className="size-4" />
          </BaseCombobox.Trigger>
        </BaseCombobox.InputGroup>
        <BaseCombobox.Portal>
          <BaseCombobox.Positioner sideOffset={4} className="z-50 outline-none">
            <BaseCombobox.Popup className="max-h-[min(20rem,var(--available-height))] w-[var(--anchor-width)] max-w-[var(--available-width)] overflow-y-auto rounded-md bg-raised py-1 text-ink shadow-overlay">
              <BaseCombobox.Empty>
                <p className="px-3 py-2 text-subtle">{emptyText}</p>
              </BaseCombobox.Empty>
              <BaseCombobox.List className="outline-none">
                {(option: Option) => (
                  <BaseCombobox.Item
                    key={option.value}
                    value={option}
                    className="flex min-h-8 items-center gap-2 px-3 py-1 outline-none select-none data-highlighted:bg-hover data-selected:bg-selected data-selected:text-selected-ink pointer-coarse:min-h-11"
                  >
                    <span className="min-w-0 flex-1 break-words">{option.label}</span>
                    <BaseCombobox.ItemIndicator className="shrink-0">
                      <Check aria-hidden className="size-4" />
                    </BaseCombobox.ItemIndicator>
                  </BaseCombobox.Item>
                )}
              </BaseCombobox.List>
            </BaseCombobox.Popup>
          </BaseCombobox.Positioner>
        </BaseCombobox.Portal>
      </BaseCombobox.Root>
      {problem && <FieldError id={`${id}-error`} problem={problem} />}
    </div>
  );
}
