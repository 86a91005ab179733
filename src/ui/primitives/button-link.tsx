'use client';
import { Link } from './link.tsx';
import type { ReactNode } from 'react';
import { type ButtonLook, buttonClass } from './button.tsx';

/** A button that opens a dialog which has an address: a link underneath, so that it can be opened in a new tab. */
export function ButtonLink({ href, look, children }: { href: string; look?: ButtonLook; children: ReactNode }) {
  return (
    <Link
      href={href}
      role="button"
      className={buttonClass(look)}
      onKeyDown={(event) => {
        // What a button does on the space bar, a link does not do by itself.
        if (event.key !== ' ') return;
        event.preventDefault();
        event.currentTarget.click();
      }}
    >
      {children}
    </Link>
  );
}
