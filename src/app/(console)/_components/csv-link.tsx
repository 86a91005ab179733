import { Download } from 'lucide-react';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { href } from './search-params.ts';

/** Saves a list, with the filter that the page has, as a CSV file. */
export function CsvLink({
  list,
  params = {},
  label = 'Export CSV',
}: {
  list: string;
  params?: Record<string, string>;
  label?: string;
}) {
  return (
    <a href={href(`/api/csv/${list}`, params)} download className={buttonClass('default')}>
      <Download aria-hidden className="size-4" /> {label}
    </a>
  );
}
