import { Link } from '#/ui/primitives/link.tsx';
import { buttonClass } from '../primitives/button.tsx';

/** Pages by key: there is a first page and a following one; Back in the browser leads to the one before. */
export function Pager({
  first,
  next,
  nextLabel = 'Older',
}: {
  first: string | null;
  next: string | null;
  nextLabel?: string;
}) {
  if (first === null && next === null) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
      {first !== null && (
        <Link href={first} className={buttonClass('subtle')}>
          First page
        </Link>
      )}
      {next !== null && (
        <Link href={next} className={buttonClass('default')}>
          {nextLabel}
        </Link>
      )}
    </nav>
  );
}
