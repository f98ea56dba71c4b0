import { answer, type Behaviour } from '../harness/fake-destination';

/** Holds every answer back until it is opened; then all of them are 202, those to come included. */
export class Gate {
  private readonly held: (() => void)[] = [];
  private isOpen = false;

  /** What the destination does. */
  readonly behaviour: Behaviour = (request, response) => {
    const accept = (): void => answer(202)(request, response);
    if (this.isOpen) accept();
    else this.held.push(accept);
  };

  open(): void {
    this.isOpen = true;
    for (const accept of this.held.splice(0)) accept();
  }
}
