import { ExternalLink as Icon } from 'lucide-react';
import type { ReactNode } from 'react';

/** A link to another site, in a new tab. Anything but http and https is shown as text. */
export function ExternalLink({ href, children, icon = true }: { href: string; children: ReactNode; icon?: boolean }) {
  if (!/^https?:\/\//i.test(href)) return <span>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex max-w-full items-center gap-1 text-link hover:underline"
    >
      <span className="min-w-0 break-words">{children}</span>
      {icon && <Icon aria-hidden className="size-3 shrink-0" />}
    </a>
  );
}
