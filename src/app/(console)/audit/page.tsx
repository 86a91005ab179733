import { Search } from 'lucide-react';
import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { listAudit } from '#/services/audit/list-audit.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Pager } from '#/ui/patterns/pager.tsx';
import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';
import { CsvLink } from '../_components/csv-link.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { href, one, type SearchParams } from '../_components/search-params.ts';
import { AuditTable } from './_components/audit-table.tsx';

export const metadata: Metadata = { title: 'Audit log' };

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const who = one(query, 'who').trim();
  const cursor = one(query, 'cursor');
  const loaded = await load(
    listAudit(ctx, { ...(who === '' ? {} : { actor: who }), ...(cursor === '' ? {} : { cursor }) }),
  );
  return (
    <>
      <PageHeader
        above={
          <Link href="/settings" className="text-link hover:underline">
            General Settings
          </Link>
        }
        title="Audit log"
        text="Who did what on this node, newest first."
        actions={<CsvLink list="audit" params={{ who }} />}
      />
      <form key={who} method="get" role="search" className="mb-5 flex flex-wrap items-end gap-3">
        <label className="flex w-full flex-col gap-1 sm:w-56">
          <span className="text-xs font-semibold text-subtle">User name</span>
          <input
            type="search"
            name="who"
            defaultValue={who}
            autoComplete="off"
            spellCheck={false}
            className={inputClass}
          />
        </label>
        <Button type="submit" className="min-h-9">
          <Search aria-hidden className="size-4" /> Search
        </Button>
        {who !== '' && (
          <Link href="/audit" className={buttonClass('subtle')}>
            Clear
          </Link>
        )}
      </form>
      <Guarded loaded={loaded}>
        {({ rows, nextCursor }) =>
          rows.length === 0 ? (
            <EmptyState
              title="No entries"
              text={who === '' ? 'Nothing has been done on this node yet.' : 'This user has done nothing here.'}
              action={
                <Link href={who === '' ? '/connections' : '/audit'} className={buttonClass('default')}>
                  {who === '' ? 'Connections' : 'Show all'}
                </Link>
              }
            />
          ) : (
            <>
              <AuditTable rows={rows} />
              <Pager
                first={cursor === '' ? null : href('/audit', { who })}
                next={nextCursor === null ? null : href('/audit', { who, cursor: nextCursor })}
              />
            </>
          )
        }
      </Guarded>
    </>
  );
}
