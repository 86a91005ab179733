'use client';
import { useSyncExternalStore } from 'react';

const never = (): (() => void) => () => undefined;

/**
 * Whether the page has come to life. What is typed into a controlled field before that is shown but known to nobody, and
 * goes with the next rendering; such fields take no text until then.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
