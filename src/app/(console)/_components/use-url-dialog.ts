'use client';
import { usePathname, useSearchParams } from 'next/navigation';

export interface UrlDialog {
  open: boolean;
  show: () => void;
  close: () => void;
}

/**
 * A dialog whose being open is part of the address (`?dialog=name`), so that it survives a reload, can be linked to, and
 * closes with the browser's Back.
 */
export function useUrlDialog(name: string): UrlDialog {
  const path = usePathname();
  const open = useSearchParams().get('dialog') === name;
  const address = (dialog: string | null): string => {
    const params = new URLSearchParams(window.location.search);
    if (dialog === null) params.delete('dialog');
    else params.set('dialog', dialog);
    return params.size > 0 ? `${path}?${params}` : path;
  };
  return {
    open,
    show: () => window.history.pushState(null, '', address(name)),
    // Replaced, so that Back does not open it again.
    close: () => window.history.replaceState(null, '', address(null)),
  };
}
