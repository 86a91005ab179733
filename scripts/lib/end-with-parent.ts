/**
 * Loaded before a process that belongs to another one (`--import`): when the parent is gone, even by `kill -9`, the
 * process ends in its ordinary way. Whatever does not end by itself is killed.
 */
const KILL_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 500;

function end(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

if (process.channel !== undefined) {
  process.once('disconnect', end);
  // A listener keeps the channel, and with it the process, alive.
  process.channel.unref();
} else if (process.env.npm_lifecycle_event !== undefined) {
  // npm runs scripts in a shell, which does not hand on the signal that ends npm.
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    end();
  }, LOOK_EVERY_MS);
  look.unref();
}
