/** `npm run build`: the production build, unless it is there already. */
import { ensureBuild } from './lib/build.ts';

try {
  await ensureBuild({ onBuild: () => console.log('Building the console ...') });
  console.log('The production build is up to date.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
