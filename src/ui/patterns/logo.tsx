/** Two issues, one content: the mark of the console. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className} fill="none">
      <rect x="2" y="2" width="13" height="13" rx="3" className="fill-brand" />
      <rect x="9" y="9" width="13" height="13" rx="3" className="fill-surface stroke-brand" strokeWidth="2" />
      <path
        d="M12.5 15.7l2.2 2.2 4-4.4"
        className="stroke-brand"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
