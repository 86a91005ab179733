'use client';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { Places } from '#/services/palette/search-console.ts';
import { askServer } from '#/ui/ask-server.ts';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { type Command, commandsFor } from './commands.ts';

const askAfterMs = 120;

/** "Search" in the top bar, also by Ctrl+K: pages by name, pairs by issue key, connections by name. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      // A dialog that asks for something is not to be left by accident.
      if (document.querySelector('[role=dialog]:not([data-palette]), [role=alertdialog]') !== null) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass('subtle')} aria-keyshortcuts="Control+K Meta+K" title="Search (Ctrl+K)">
        <Search aria-hidden className="size-4" />
        <span className="max-sm:sr-only">Search</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-veil" />
        <Dialog.Popup
          data-palette=""
          aria-label="Search"
          className="fixed inset-x-2 top-2 mx-auto flex max-h-[min(32rem,calc(100dvh-1rem))] max-w-xl flex-col overflow-hidden rounded-md bg-raised text-ink shadow-overlay sm:top-[10vh]"
        >
          <Palette onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const [text, setText] = useState('');
  const places = usePlaces(text);
  const commands = commandsFor(text, places);
  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={commands}
      value={text}
      onValueChange={(value) => setText(value)}
      itemToStringValue={(command: Command) => command.label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-2 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-subtle" />
        <Autocomplete.Input
          aria-label="Page, issue key or connection"
          placeholder="Page, issue key or connection"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          className="min-h-12 w-full bg-transparent text-lg outline-none"
        />
        <Dialog.Close className={buttonClass('subtle', true)}>Close</Dialog.Close>
      </div>
      <div className="min-h-0 overflow-y-auto py-2">
        <Autocomplete.Empty>
          <p className="px-4 py-3 text-subtle">
            Nothing is called so. Type the name of a page or connection, or an issue key such as TEST-1.
          </p>
        </Autocomplete.Empty>
        <Autocomplete.List aria-label="Results" className="outline-none">
          {(command: Command) => (
            <Autocomplete.Item
              key={command.href}
              value={command}
              onClick={() => {
                onDone();
                router.push(command.href);
              }}
              className="flex min-h-9 items-center justify-between gap-3 px-4 py-1 outline-none select-none data-highlighted:bg-selected data-highlighted:text-selected-ink pointer-coarse:min-h-11"
            >
              <span className="min-w-0 break-words">{command.label}</span>
              <span className="max-w-1/2 shrink-0 truncate text-sm text-subtle">{command.kind}</span>
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
      </div>
    </Autocomplete.Root>
  );
}

/** What the server knows of this text; null while it has not answered for it. */
function usePlaces(text: string): Places | null {
  const [found, setFound] = useState<{ text: string; places: Places } | null>(null);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === '') return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      void askServer<Places>('/api/palette', { text: wanted }, asking.signal).then((answer) => {
        if (answer?.ok === true) setFound({ text: wanted, places: answer });
      });
    }, askAfterMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [wanted]);
  return found !== null && found.text === wanted ? found.places : null;
}
