import { classes } from './classes.ts';

export interface SwitchProps {
  label: string;
  /** The label is for assistive tools only. */
  hideLabel?: boolean;
  checked: boolean;
  pending?: boolean;
  disabled?: boolean;
  onToggle: () => void;
}

export function Switch({
  label,
  hideLabel = false,
  checked,
  pending = false,
  disabled = false,
  onToggle,
}: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={hideLabel ? label : undefined}
      aria-busy={pending || undefined}
      disabled={disabled}
      onClick={pending ? undefined : onToggle}
      className="inline-flex min-h-8 items-center gap-2 rounded-sm px-2 font-medium disabled:opacity-50 pointer-coarse:min-h-11"
    >
      <span
        aria-hidden
        className={classes(
          'flex h-5 w-9 items-center rounded-full p-0.5 transition-colors',
          checked ? 'justify-end bg-brand' : 'bg-field',
        )}
      >
        <span className="size-4 rounded-full bg-on-brand" />
      </span>
      {!hideLabel && label}
    </button>
  );
}
