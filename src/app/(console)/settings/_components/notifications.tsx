import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { getNotifications } from '#/services/notification/notifications.ts';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { NotificationsForm } from './notifications-form.tsx';

/** E-mail about errors: whether it works, and who gets what. */
export async function NotificationSettings() {
  const settings = await getNotifications(await adminContext());
  const { server, problem, recipients, sentAt } = settings;
  return (
    <div id="notifications" className="scroll-mt-16">
      <Section title="Notifications">
        <div className="space-y-4">
          {server === null && (
            <Note title="No mail server is set">
              <p>
                Errors are shown in this console only. To get them by e-mail as well, set SMTP_URL (for instance
                smtp://user:password@mail.company.example:587) and restart the node.
              </p>
            </Note>
          )}
          {server !== null && problem && (
            <ProblemMessage
              problem={{ ...problem, field: null }}
              action={
                <p>
                  {problem.retryAt && (
                    <>
                      It is tried again at <RetryTime at={problem.retryAt} />.{' '}
                    </>
                  )}
                  <Link href={`/errors?error=${problem.errorId}`} className="text-link hover:underline">
                    See the error
                  </Link>
                </p>
              }
            />
          )}
          <Facts>
            <Fact name="Mail server">{server === null ? 'Not set' : `${server} (SMTP_URL)`}</Fact>
            <Fact name="Last e-mail">
              <Time at={sentAt?.toISOString() ?? null} />
            </Fact>
          </Facts>
          <NotificationsForm
            recipients={recipients.join(', ')}
            from={settings.from ?? ''}
            defaultFrom={settings.defaultFrom ?? ''}
            impacts={settings.impacts}
            everyMinutes={settings.everyMinutes}
            canTest={server !== null && recipients.length > 0}
          />
        </div>
      </Section>
    </div>
  );
}

/** The browser's zone is not known here, so the zone is said. */
function RetryTime({ at }: { at: Date }) {
  return <time dateTime={at.toISOString()}>{at.toISOString().slice(11, 16)} UTC</time>;
}
