/** Somebody else has changed what is known of a monitor since it was read: whoever meets this evaluates again. */
export class OvertakenError extends Error {
  constructor(monitorId: string) {
    super(`what is known of the monitor ${monitorId} has changed meanwhile`);
    this.name = 'OvertakenError';
  }
}
