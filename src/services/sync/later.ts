/** Thrown to leave a lane in good order and come back at a given time. */
export class Later extends Error {
  override readonly name = 'Later';
  readonly at: Date;

  constructor(at: Date, why: string) {
    super(why);
    this.at = at;
  }
}
