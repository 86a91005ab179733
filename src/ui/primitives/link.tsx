import NextLink from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link within the console. It fetches nothing ahead: the pages are alive, and as each refresh drops what was fetched
 * before, every link in sight would have its page rendered again with each change on the server.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
