'use client';
import { Link } from './link.tsx';
import { type KeyboardEvent, useRef } from 'react';
import { classes } from './classes.ts';

export interface TabLink {
  id: string;
  label: string;
  href: string;
  count?: number;
}

/** Tabs whose choice lives in the URL; arrow keys move between them. */
export function LinkTabs({ label, tabs, current }: { label: string; tabs: readonly TabLink[]; current: string }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[(at + step + links.length) % links.length]?.focus();
    event.preventDefault();
  };
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      onKeyDown={move}
      className="flex gap-1 overflow-x-auto shadow-[inset_0_-2px_0_var(--color-line)]"
    >
      {tabs.map((tab) => {
        const selected = tab.id === current;
        return (
          <Link
            key={tab.id}
            role="tab"
            id={`tab-${tab.id}`}
            href={tab.href}
            scroll={false}
            aria-selected={selected}
            aria-controls={selected ? 'tab-panel' : undefined}
            tabIndex={selected ? 0 : -1}
            className={classes(
              'flex min-h-9 items-center gap-1.5 border-b-2 px-2 font-medium whitespace-nowrap focus-visible:-outline-offset-2',
              selected ? 'border-brand text-link' : 'border-transparent text-subtle hover:border-line hover:text-ink',
            )}
          >
            {tab.label}
            {tab.count !== undefined && (
              <span aria-hidden className="rounded-lg bg-neutral-soft px-1.5 text-2xs font-bold text-neutral-ink">
                {tab.count}
              </span>
            )}
          </Link>
        );
      })}
    </div>
  );
}

export function TabPanel({ current, children }: { current: string; children: React.ReactNode }) {
  return (
    <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${current}`} className="pt-4">
      {children}
    </div>
  );
}
