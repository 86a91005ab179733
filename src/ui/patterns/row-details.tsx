'use client';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * What a link in a row has opened above its table: it comes into view and takes the focus, which goes back to the link when
 * it is closed. Give it the row's id as key. A page that is loaded with it stays where it is.
 */
export function RowDetails({ children }: { children: ReactNode }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    if (!(opener instanceof HTMLAnchorElement) || panel.current === null) return;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    panel.current.focus({ preventScroll: true });
    panel.current.scrollIntoView({ block: 'nearest', behavior: still ? 'auto' : 'smooth' });
    return () => {
      // Unless it has gone somewhere else meanwhile, such as to the link of another row.
      if (document.activeElement === document.body) opener.focus();
    };
  }, []);
  return (
    <div ref={panel} tabIndex={-1} className="mb-5 scroll-my-20 outline-none">
      {children}
    </div>
  );
}
