import type { Metadata } from 'next';
import { adminContext } from '#/server/session.ts';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { CsvLink } from '../_components/csv-link.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { CreateTrigger } from './_components/create-trigger.tsx';
import { triggersData, TriggersView } from './_components/triggers-view.tsx';

export const metadata: Metadata = { title: 'Triggers' };

export default async function TriggersPage() {
  const loaded = await load(triggersData(await adminContext()));
  return (
    <>
      <PageHeader
        title="Triggers"
        text="A trigger puts issues under sync by itself: every issue that matches its query when it is created or changed."
        actions={
          loaded.ok ? (
            <>
              {loaded.value.triggers.length > 0 && <CsvLink list="triggers" />}
              <CreateTrigger connections={loaded.value.connections} />
            </>
          ) : undefined
        }
      />
      <Guarded loaded={loaded}>{(data) => <TriggersView data={data} />}</Guarded>
    </>
  );
}
