'use client';
import { Menu as MenuIcon, X } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Logo } from '#/ui/patterns/logo.tsx';
import { classes } from '#/ui/primitives/classes.ts';
import { consolePages } from './pages.ts';

/** Navigation at the left; on a narrow screen it opens from a button. */
export function Sidebar({ openErrors, version }: { openErrors: number; version: string }) {
  const path = usePathname();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === path;
  return (
    <nav
      aria-labelledby="navigation-heading"
      className="flex flex-col border-line bg-surface md:sticky md:top-0 md:h-dvh md:overflow-y-auto md:border-r"
    >
      <div className="flex h-14 items-center justify-between gap-2 border-b border-line px-4">
        <div className="flex items-center gap-2">
          <Logo className="size-6" />
          <h2 id="navigation-heading" className="text-lg font-semibold">
            Exalate
          </h2>
        </div>
        <button
          type="button"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpenAt(open ? null : path)}
          className="grid size-11 place-items-center rounded-sm text-subtle hover:bg-hover md:hidden"
        >
          {open ? <X aria-hidden className="size-5" /> : <MenuIcon aria-hidden className="size-5" />}
          <span className="sr-only">Menu</span>
        </button>
      </div>
      <div
        id="navigation"
        className={classes('px-2 py-3 max-md:border-b max-md:border-line md:block', open ? 'block' : 'hidden')}
      >
        <ul className="space-y-0.5">
          {consolePages.map(({ name, href, icon: Icon }) => {
            const current = path === href || path.startsWith(`${href}/`);
            return (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={current ? 'page' : undefined}
                  onClick={() => setOpenAt(null)}
                  className={classes(
                    'relative flex min-h-9 items-center gap-3 rounded-sm px-3 pointer-coarse:min-h-11',
                    current
                      ? 'bg-selected font-medium text-selected-ink before:absolute before:inset-y-2 before:left-0 before:w-1 before:rounded-r-sm before:bg-brand'
                      : 'text-ink hover:bg-hover',
                  )}
                >
                  <Icon aria-hidden className={classes('size-4 shrink-0', !current && 'text-subtle')} />
                  <span className="flex-1">{name}</span>
                  {href === '/errors' && openErrors > 0 && (
                    <span aria-hidden className="rounded-lg bg-danger px-1.5 text-2xs font-bold text-on-brand">
                      {openErrors > 99 ? '99+' : openErrors}
                    </span>
                  )}
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
      <p className="mt-auto hidden px-5 py-4 text-xs text-faint md:block">Version {version}</p>
    </nav>
  );
}
