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
      <table className="w-full border-collapse bg-surface text-left *:bg-inherit" aria-label={label}>
        {children}
      </table>
    </div>
  );
}

export function HeadRow({ children }: { children: ReactNode }) {
  return (
    <thead className="border-b-2 border-line">
      <tr className="bg-inherit">{children}</tr>
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
  return (
    <tr {...rest} className={classes('border-b border-line bg-inherit last:border-b-0 hover:bg-hover', className)} />
  );
}

export function RowHead({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="row" {...rest} className={classes('px-3 py-2 font-medium align-middle', className)} />;
}

export function Cell({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={classes('px-3 py-2 align-middle', className)} />;
}

/** The last column: what can be done with a row stays in view, however narrow the window is. */
const pinned = 'sticky right-0 bg-inherit';

export function ActionsHead() {
  return (
    <Head className={pinned}>
      <span className="sr-only">Actions</span>
    </Head>
  );
}

export function ActionsCell({ children }: { children: ReactNode }) {
  return (
    <Cell className={`${pinned} py-1`}>
      <div className="flex flex-col items-end gap-x-1 lg:flex-row lg:items-center lg:justify-end">{children}</div>
    </Cell>
  );
}
