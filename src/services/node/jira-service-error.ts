import { faultText } from '#/engine/fault/faults.ts';
import { trackerFault } from '#/engine/fault/tracker-fault.ts';
import type { TrackerError } from '#/engine/ports.ts';
import { ServiceError } from '../errors.ts';

/** What an admin is told when something could not be done because of the own Jira. */
export function jiraServiceError(error: TrackerError): ServiceError {
  const { summary, why, remedy } = faultText(trackerFault(error, 'asking Jira').code);
  return new ServiceError('jira_unavailable', { summary, why, remedy, cause: error });
}
