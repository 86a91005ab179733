'use client';
import { ChevronDown, CircleUser } from 'lucide-react';
import { startTransition, useSyncExternalStore } from 'react';
import { Menu, MenuItem, MenuLine, MenuRadio } from '#/ui/primitives/menu.tsx';
import { type Theme, themeCookie, themeSchema } from '#/ui/theme.ts';
import { signOutAction } from './actions.ts';

const options: ReadonlyArray<{ value: Theme; label: string }> = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'Same as system' },
];

export function UserMenu({ displayName }: { displayName: string }) {
  const theme = useSyncExternalStore(watchTheme, readTheme, () => 'system' as const);
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="inline-flex min-h-8 max-w-48 items-center gap-1.5 rounded-sm px-2 text-subtle hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
        >
          <CircleUser aria-hidden className="size-5 shrink-0" />
          <span className="truncate max-xs:sr-only">{displayName}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0" />
        </button>
      }
    >
      <MenuRadio label="Theme" value={theme} options={options} onChange={writeTheme} />
      <MenuLine />
      <MenuItem onSelect={() => startTransition(() => void signOutAction())}>Sign out</MenuItem>
    </Menu>
  );
}

const changed = 'exalate-theme-changed';

function watchTheme(tell: () => void): () => void {
  window.addEventListener(changed, tell);
  return () => window.removeEventListener(changed, tell);
}

function readTheme(): Theme {
  return themeSchema.parse(document.documentElement.dataset['theme']);
}

function writeTheme(theme: Theme): void {
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(changed));
}
