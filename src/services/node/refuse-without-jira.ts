import { ServiceError } from '../errors.ts';

export function refuseWithoutJira(): never {
  throw new ServiceError('jira_not_configured', {
    summary: 'No Jira is attached to this node yet.',
    why: 'JIRA_URL and the credentials of a proxy user are not set.',
    remedy: 'Set them in the environment and restart the node.',
  });
}
