import { X } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { queueItem } from '#/services/queue/queue-item.ts';
import type { QueueTab } from '#/services/queue/tabs.ts';
import { Section } from '#/ui/patterns/section.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';

/** One queued event with the replica it carries. */
export async function QueueItem({ tab, id, closeHref }: { tab: QueueTab; id: string; closeHref: string }) {
  const item = await queueItem(await adminContext(), { tab, id });
  return (
    <Section
      title={item?.title ?? 'Finished'}
      actions={
        <Link href={closeHref} scroll={false} aria-label="Close details" className={buttonClass('subtle', true)}>
          <X aria-hidden className="size-4" />
        </Link>
      }
    >
      {item ? (
        <pre
          tabIndex={0}
          aria-label="Event"
          className="max-h-96 overflow-auto rounded-sm bg-sunken p-3 font-mono text-xs"
        >
          {item.json}
        </pre>
      ) : (
        <p className="text-subtle">This has been worked off meanwhile and left the queue.</p>
      )}
    </Section>
  );
}
