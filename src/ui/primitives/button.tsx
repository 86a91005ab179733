import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import { Spinner } from './spinner.tsx';

export type ButtonLook = 'primary' | 'default' | 'subtle' | 'danger' | 'link';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-brand text-on-brand hover:bg-brand-hover',
  default: 'bg-surface text-ink shadow-[inset_0_0_0_1px_var(--color-line)] hover:bg-hover',
  subtle: 'bg-transparent text-subtle hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-brand hover:bg-danger-hover',
  link: 'bg-transparent text-link hover:underline',
};

/** The look of a button, for links that act like one too. */
export function buttonClass(look: ButtonLook = 'default', compact = false): string {
  return classes(
    'relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm font-medium whitespace-nowrap select-none',
    'transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-70',
    compact ? 'min-h-6 px-2 text-sm' : 'min-h-8 px-3 pointer-coarse:min-h-11',
    looks[look],
  );
}

export interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  compact?: boolean;
  /** Work is under way: the label stays, further clicks do nothing. */
  pending?: boolean;
}

export function Button({
  look = 'default',
  compact = false,
  pending = false,
  type = 'button',
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      className={classes(buttonClass(look, compact), className)}
    >
      <span className={classes('inline-flex items-center gap-1.5', pending && 'opacity-40')}>{children}</span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  );
}
