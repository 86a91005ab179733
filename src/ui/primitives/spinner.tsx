import { classes } from './classes.ts';

/** Decoration for work under way; it shows after 150 ms, so that quick answers do not flicker. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      className={classes('spinner size-4', className)}
      fill="none"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <circle cx="8" cy="8" r="6" stroke="currentColor" opacity="0.2" />
      <path d="M8 2a6 6 0 0 1 6 6" stroke="currentColor" />
    </svg>
  );
}
