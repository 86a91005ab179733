'use client';
import { useEffect } from 'react';

/** Long enough for a dialog that closes, or a step that appears, to put the focus where it belongs. */
const pauseMs = 150;

/** Focus that was on something that is gone, such as a deleted row or the page before, goes to the content of the page. */
export function KeepFocus() {
  useEffect(() => {
    let last: Element | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : null;
    };
    const rescue = (): void => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return;
      last = null;
      document.getElementById('content')?.focus({ preventScroll: true });
    };
    const removals = new MutationObserver(() => {
      if (last === null || last.isConnected) return;
      clearTimeout(timer);
      timer = setTimeout(rescue, pauseMs);
    });
    document.addEventListener('focusin', note);
    removals.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      removals.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
  return null;
}
