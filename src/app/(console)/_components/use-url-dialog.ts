'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { startTransition, useOptimistic } from 'react';

export interface UrlDialog {
  open: boolean;
  show: () => void;
  close: () => void;
}

/**
 * A dialog whose being open is part of the address (`?dialog=name`), so that it survives a reload, can be linked to, and
 * closes with the browser's Back. It shows and goes at once; the address follows by way of the router, which must know it:
 * a query written past it makes the next refresh fetch everything twice.
 */
export function useUrlDialog(name: string): UrlDialog {
  const router = useRouter();
  const path = usePathname();
  const [open, setOpen] = useOptimistic(useSearchParams().get('dialog') === name);
  const address = (dialog: string | null): string => {
    const params = new URLSearchParams(window.location.search);
    if (dialog === null) params.delete('dialog');
    else params.set('dialog', dialog);
    return params.size > 0 ? `${path}?${params}` : path;
  };
  return {
    open,
    show: () =>
      startTransition(() => {
        setOpen(true);
        router.push(address(name), { scroll: false });
      }),
    close: () =>
      startTransition(() => {
        setOpen(false);
        // Replaced, so that Back does not open it again.
        router.replace(address(null), { scroll: false });
      }),
  };
}
