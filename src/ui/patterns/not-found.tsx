import { buttonClass } from '../primitives/button.tsx';
import { Link } from '../primitives/link.tsx';

/** What a wrong address shows, inside the frame of the console or without it. */
export function NotFoundMessage() {
  return (
    <div className="space-y-3 py-10">
      <h1 className="text-2xl font-semibold">This page does not exist</h1>
      <p className="text-subtle">The address is wrong, or what it showed was deleted.</p>
      <Link href="/connections" className={buttonClass('primary')}>
        Open Connections
      </Link>
    </div>
  );
}
