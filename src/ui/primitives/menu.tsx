'use client';
import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';

/** A menu under a button. */
export function Menu({ trigger, children }: { trigger: ReactElement<Record<string, unknown>>; children: ReactNode }) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <BaseMenu.Popup className="min-w-48 max-w-[min(20rem,calc(100vw-1rem))] rounded-md bg-raised py-1 text-ink shadow-overlay outline-none">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

const itemClass =
  'flex min-h-8 items-center gap-2 px-4 py-1 outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50 pointer-coarse:min-h-11';

export function MenuItem({
  danger = false,
  disabled = false,
  onSelect,
  children,
}: {
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <BaseMenu.Item disabled={disabled} onClick={onSelect} className={classes(itemClass, danger && 'text-danger-ink')}>
      {children}
    </BaseMenu.Item>
  );
}

export function MenuRadio<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: ReadonlyArray<{ value: T; label: string }>;
  onChange: (value: T) => void;
}) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next: T) => onChange(next)} aria-label={label}>
      <p aria-hidden className="px-4 pt-2 pb-1 text-2xs font-bold text-faint">
        {label}
      </p>
      {options.map((option) => (
        <BaseMenu.RadioItem key={option.value} value={option.value} closeOnClick className={itemClass}>
          <span className="flex-1">{option.label}</span>
          <BaseMenu.RadioItemIndicator className="text-brand">✓</BaseMenu.RadioItemIndicator>
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

export function MenuLine() {
  return <BaseMenu.Separator className="my-1 h-px bg-line" />;
}
