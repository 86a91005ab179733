import { NotFoundMessage } from '#/ui/patterns/not-found.tsx';

/** What was asked for inside the console; the frame around it stays. */
export default NotFoundMessage;
