import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';

/** A table that scrolls by itself when the window is narrow; `label` names it. */
export function Table({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      className="relative overflow-x-auto rounded-md border border-line bg-surface"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="w-full border-collapse text-left" aria-label={label}>
        {children}
      </table>
    </div>
  );
}

export function HeadRow({ children }: { children: ReactNode }) {
  return (
    <thead className="border-b-2 border-line">
      <tr>{children}</tr>
    </thead>
  );
}

export function Head({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={classes('px-3 py-2 text-xs font-semibold whitespace-nowrap text-subtle', className)}
    />
  );
}

export function Row({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={classes('border-b border-line last:border-b-0 hover:bg-hover', className)} />;
}

export function RowHead({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="row" {...rest} className={classes('px-3 py-2 font-medium align-middle', className)} />;
}

export function Cell({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={classes('px-3 py-2 align-middle', className)} />;
}
