/** A method of one object that was called and waits for the test to let it go on. */
export interface Pause {
  /** Resolves when it is called. */
  readonly reached: Promise<void>;
  readonly goOn: () => void;
}

/** Holds up the next call of a method of one object. */
export function pauseAt<Name extends string>(
  object: Record<Name, (...all: never[]) => Promise<unknown>>,
  name: Name,
): Pause {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const original = object[name].bind(object);
  object[name] = async (...all: never[]) => {
    object[name] = original;
    reached.resolve();
    await goOn.promise;
    return original(...all);
  };
  return { reached: reached.promise, goOn: goOn.resolve };
}
