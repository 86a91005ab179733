import { addAttachmentRoutes, addDownloadRoutes } from '../attachments/routes.ts';
import { addSessionRoutes } from '../auth/session-routes.ts';
import { addTokenRoutes } from '../auth/tokens.ts';
import { addBrowseRoutes } from '../browse/routes.ts';
import { addCommentRoutes } from '../comments/routes.ts';
import { addRemoteLinkRoutes } from '../issues/remote-links.ts';
import { addIssueRoutes } from '../issues/routes.ts';
import { addVoteRoutes } from '../issues/votes.ts';
import { addWatcherRoutes } from '../issues/watchers.ts';
import { addWorklogRoutes } from '../issues/worklogs.ts';
import { addCreateMetaRoutes } from '../meta/createmeta.ts';
import { addMetaRoutes } from '../meta/routes.ts';
import { addPermissionRoutes } from '../permissions/routes.ts';
import { addProjectRoutes } from '../projects/routes.ts';
import { addSchemeRoutes } from '../projects/scheme-routes.ts';
import { addPropertyRoutes } from '../properties/routes.ts';
import { addSearchRoutes } from '../search/routes.ts';
import { addGroupRoutes } from '../users/groups.ts';
import { addUserRoutes } from '../users/routes.ts';
import { addWebhookRoutes } from '../webhooks/routes.ts';
import { Router } from './router.ts';

const API = '/rest/api/2';

/** `/rest/api/latest` is the same API, and JAX-RS takes a slash at the end; the paths are rewritten before they are looked up. */
export function canonicalPath(path: string): string {
  if (!path.startsWith('/rest/')) return path;
  const bare = path.replace(/\/+$/, '');
  return bare.startsWith('/rest/api/latest/') ? `${API}${bare.slice('/rest/api/latest'.length)}` : bare;
}

export function allRoutes(): Router {
  const router = new Router();
  addMetaRoutes(router, API);
  addUserRoutes(router, API);
  addGroupRoutes(router, API);
  addPermissionRoutes(router, API);
  addProjectRoutes(router, API);
  addSchemeRoutes(router, API);
  addCreateMetaRoutes(router, API);
  addIssueRoutes(router, API);
  addRemoteLinkRoutes(router, API);
  addWatcherRoutes(router, API);
  addVoteRoutes(router, API);
  addWorklogRoutes(router, API);
  addCommentRoutes(router, API);
  addAttachmentRoutes(router, API);
  addDownloadRoutes(router);
  addPropertyRoutes(router, API);
  addSearchRoutes(router, API);
  addWebhookRoutes(router);
  addSessionRoutes(router);
  addTokenRoutes(router);
  addBrowseRoutes(router);
  return router;
}
