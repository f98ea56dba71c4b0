/**
 * Turns one kind of signal into events. Pure: whatever it needs to know, time included, is part of the signal.
 * One implementation per source, in a file of its own; nothing behind it knows where an event came from.
 */
export interface Normalizer<Signal, Reading> {
  normalize(signal: Signal): Reading;
}
