import Link from 'next/link';
import type { ReactNode } from 'react';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';

/** A page whose functions come with a later release: says so, and what to use until then. */
export function Later({
  title,
  text,
  link,
}: {
  title: string;
  text: ReactNode;
  link: { href: string; label: string };
}) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        title="Not available in this version"
        text={text}
        action={
          <Link href={link.href} className={buttonClass('primary')}>
            {link.label}
          </Link>
        }
      />
    </>
  );
}
